import fc from 'fast-check';
import { endOfUri, locationAt } from '../../../src/common/s3-location';
import { atDeploy, late, newStack } from '../../harness/constructs';

const parts = fc.tuple(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,20}$/), fc.stringMatching(/^[a-zA-Z0-9._=+ -]{1,12}(\/[a-zA-Z0-9._=+ -]{1,12}){0,3}\/?$/));

// Two cuts make three parts. Whichever of them is a token, the template must find what is known at synth of the whole text.
test('a URI of which any part is a token gives the bucket and the objects that the whole text names', () => {
  fc.assert(fc.property(parts, fc.nat(), fc.nat(), fc.uniqueArray(fc.nat(2), { minLength: 1 }), ([bucket, key], one, other, tokens) => {
    const uri = `s3://${bucket}/${key}`;
    const [from, to] = [one, other].map((cut) => cut % (uri.length + 1)).sort((a, b) => a - b);
    const text = [uri.slice(0, from), uri.slice(from, to), uri.slice(to)]
      .map((part, index) => (part !== '' && tokens.includes(index) ? late.text(part) : part)).join('');
    const location = locationAt('uri', text);
    expect(atDeploy(newStack(), [location.uri, location.bucketArn, location.objectsArn('object'), location.objectsArn('prefix')]))
      .toEqual([uri, `arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/${key}`, `arn:aws:s3:::${bucket}/${key}*`]);
    const end = endOfUri(text);
    expect(end === undefined || uri.endsWith(end)).toBe(true);
  }), { seed: 1, numRuns: 300 });
});

test.each<[string, string | undefined]>([
  ['s3://b/a.tar.gz', 's3://b/a.tar.gz'], [`${late.text('x')}.tar.gz`, '.tar.gz'], [`s3://b/${late.text('x')}/`, '/'], [`${late.text('x')}a.bin`, 'a.bin'],
  [late.text('x'), undefined], [`s3://b/${late.text('x')}`, undefined], [`${late.text('x.tar.')}gz`, undefined],
])('the end of a URI is what no token can change: %s', (text, end) => {
  expect(endOfUri(text)).toBe(end);
});

test.each([
  'bucket/key', 's3://bucket', 's3://bucket/', 's3:///key', 'S3://bucket/key', 'https://bucket.s3.amazonaws.com/key', 'arn:aws:s3:::bucket/key', '',
  `https://${late.text('bucket')}/key`,
])('what is no URI of an object is refused with what it was and what it must be: %s', (text) => {
  expect(() => locationAt('samplePayload', text)).toThrow(`\`samplePayload\` must be the whole URI of an object in S3, such as 's3://bucket/key', got: '${text}'.`);
});
