import { CLAIM_TAG, claimTagKeys, STACK_TAG, stackTag, TAG_PREFIX } from '../../../src/contract/claims';
import { claimKey } from '../../../src/contract/job-name';

const KEYS = ['aaaaaaaa', 'bbbbbbbb'];

test('the tags are this library\'s own, and within the service\'s bounds of a key', () => {
  for (const key of [STACK_TAG, CLAIM_TAG + claimKey('aaaaaaaa', 'Job'), stackTag({ StackKey: 'aaaaaaaa' })]) {
    expect(key.startsWith(TAG_PREFIX)).toBe(true);
    // Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html
    expect(key).toMatch(/^[\w.:/=+\-@]{1,128}$/);
  }
});

test('a stack\'s patterns fit its own claims, and those of no other stack', () => {
  const fits = (pattern: string, key: string) => (pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern);
  for (const StackKey of KEYS) {
    const patterns = claimTagKeys({ StackKey });
    for (const other of KEYS) {
      for (const key of [stackTag({ StackKey: other }), CLAIM_TAG + claimKey(other, 'Job')]) {
        expect(patterns.some((pattern) => fits(pattern, key))).toBe(other === StackKey);
      }
    }
    expect(patterns.some((pattern) => fits(pattern, STACK_TAG))).toBe(false);
  }
});
