import { askedBy } from '../../../lambda/runtime/asked';

const asked = (query: string) => askedBy({ RequestId: 'id', ResponseURL: `https://bucket.example/answer${query}` });

test.each([
  ['a URL of Signature Version 4', '?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261129T010314Z&X-Amz-Expires=7200&X-Amz-Signature=s', '2026-11-29T01:03:14.000Z'],
  ['a URL of Signature Version 2', '?AWSAccessKeyId=key&Expires=1795921394&Signature=s', '2026-11-29T01:03:14.000Z'],
  ['a URL without a time', '?Signature=s', ''],
  ['a URL with a time of another form', '?X-Amz-Date=soon', ''],
])('%s tells when a request was sent, where it tells a time', (_what, query, at) => {
  expect(asked(query)).toEqual({ id: 'id', at });
});
