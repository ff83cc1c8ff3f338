import { World } from '../../../local-aws';
import { jobLink } from '../../../src/service/console-link';

test('what a person may see has no signed address, key or token, and keeps the link of a console', () => {
  const world = new World({});
  const link = jobLink('us-east-1', 'nightly-1')!;
  expect(world.shown(`See ${link}. The answer goes to https://bucket.s3.amazonaws.com/answer?X-Amz-Signature=abc, with ASIAABCDEFGHIJKLMNOP and ${'0a'.repeat(32)}.`))
    .toBe(`See ${link}. The answer goes to (an address with a signature or a query) with *** and ***.`);
});
