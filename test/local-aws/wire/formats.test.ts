import { readObject, toJson } from '../../../local-aws/wire/json';
import { readForm } from '../../../local-aws/wire/query';
import { toXml } from '../../../local-aws/wire/xml';

describe('awsJson', () => {
  test('dates are seconds since 1970', () => {
    expect(toJson({ At: new Date(1_700_000_000_500) })).toEqual({ At: 1_700_000_000.5 });
  });

  test('numbers that JSON cannot write are strings', () => {
    expect(toJson({ Cpu: [NaN, Infinity, -Infinity, 1.5] })).toEqual({ Cpu: ['NaN', 'Infinity', '-Infinity', 1.5] });
  });

  test('bytes are base64', () => {
    expect(toJson({ Blob: Buffer.from('abc') })).toEqual({ Blob: 'YWJj' });
  });

  test.each(['{', '[]', '1', 'null', '"a"', '{"a":NaN}'])('the body %s is refused', (body) => {
    expect(() => readObject(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'SerializationException', status: 400 }));
  });

  test('a body that is not UTF-8 is refused', () => {
    expect(() => readObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow(expect.objectContaining({ code: 'SerializationException' }));
  });
});

describe('query', () => {
  const read = (text: string) => readForm(new URLSearchParams(text));

  test('lists and structures are nested, in the order of their indexes', () => {
    expect(read('Tags.member.10.Key=j&Tags.member.2.Key=b&Tags.member.1.Key=a&A.B=c')).toEqual({ Tags: [{ Key: 'a' }, { Key: 'b' }, { Key: 'j' }], A: { B: 'c' } });
  });

  test('scalars stay text', () => {
    expect(read('Capabilities.member.1=CAPABILITY_IAM&DisableRollback=true&Max=5')).toEqual({ Capabilities: ['CAPABILITY_IAM'], DisableRollback: 'true', Max: '5' });
  });

  test('an empty list is one, an empty text is one', () => {
    expect(read('Parameters=&StackName=&Tags.member.1.Value=')).toEqual({ Parameters: [], StackName: '', Tags: [{ Value: '' }] });
  });

  test.each(['Tags=&Tags.member.1.Key=a', 'A=1&A.member.1=2', 'A.b=1&A=2', '__proto__.x=1', 'a..b=1', '=1', 'A=1&A=2'])('%s is refused', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'MalformedQueryString', status: 400 }));
  });
});

describe('XML', () => {
  test('lists are members, dates are ISO, what is missing is left out', () => {
    expect(toXml('R', 'urn:x', { L: ['a', { b: 1 }], E: [], D: new Date(0), N: undefined, T: true })).toBe('<?xml version="1.0" encoding="UTF-8"?>\n'
      + '<R xmlns="urn:x"><L><member>a</member><member><b>1</b></member></L><E></E><D>1970-01-01T00:00:00.000Z</D><T>true</T></R>');
  });

  test('markup is escaped, and what XML cannot carry is dropped', () => {
    expect(toXml('R', undefined, { V: '<a>&\r\n\u0001' })).toContain('<V>&lt;a&gt;&amp;&#xD;\n</V>');
  });
});
