import { contentOfJob } from '../../../../lambda/jobs/inference-recommendations/content';

const IMAGE = `111111111111.dkr.ecr.us-east-1.amazonaws.com/model@sha256:${'0'.repeat(64)}`;
const target = (key: string) => ({ PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://models/${key}` } });
const request = (payload: string, more: object = {}) => ({
  JobType: 'Default', InputConfig: { ModelName: 'model', ContainerConfig: { PayloadConfig: { SamplePayloadUrl: `s3://models/${payload}` } }, ...more },
});

/** A bucket that tells what it was asked for. */
function bucket(etags: Record<string, string>) {
  const asked: string[] = [];
  const etagOf = async (address: string) => {
    asked.push(address);
    return etags[address.slice('s3://models/'.length)];
  };
  return { asked, etagOf };
}

test('each object is asked for once, wherever it stands', async () => {
  const { asked, etagOf } = bucket({ a: '"1"' });
  await expect(contentOfJob(request('a'), target('a'), etagOf)).resolves.toMatchObject({ isCertain: true });
  expect(asked).toEqual(['s3://models/a']);
});

test('the same bytes are the same content, other bytes another one', async () => {
  const { etagOf } = bucket({ a: '"1"', copy: '"1"', other: '"2"', payload: '"3"' });
  const [one, same, other] = await Promise.all(['a', 'copy', 'other'].map((key) => contentOfJob(request('payload'), target(key), etagOf)));
  expect(same).toEqual(one);
  expect(other.counted).not.toEqual(one.counted);
});

test('one object that cannot be read makes the whole uncertain', async () => {
  const { etagOf } = bucket({ a: '"1"' });
  await expect(contentOfJob(request('missing'), target('a'), etagOf)).resolves.toMatchObject({ isCertain: false });
  await expect(contentOfJob(request('a'), target('missing'), etagOf)).resolves.toMatchObject({ isCertain: false });
});

test('an error of S3 is one of the job: nothing is decided without an answer', async () => {
  await expect(contentOfJob(request('a'), target('a'), async () => { throw new Error('S3 is busy'); })).rejects.toThrow('S3 is busy');
});

test('the target\'s name and the network do not count', async () => {
  const { etagOf } = bucket({ a: '"1"' });
  const contents = await Promise.all([{}, { ModelName: 'renamed' }, { VpcConfig: { Subnets: ['s'] } }, { VolumeKmsKeyId: 'key' }].map((more) => (
    contentOfJob(request('a', more), target('a'), etagOf))));
  expect(new Set(contents.map((content) => JSON.stringify(content))).size).toBe(1);
});
