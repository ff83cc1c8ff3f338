import fc from 'fast-check';
import { answerBody, answerBytes, fittingJson, fittingText, MAX_ANSWER_BYTES } from '../../../lambda/runtime/answer';

const address = { StackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/s/0a1b2c3d', RequestId: 'r', LogicalResourceId: 'Job' };

describe('answerBody', () => {
  test('a failure of any length and script fits CloudFormation\'s limit in bytes and stays JSON', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 6000, size: 'max' }), (reason) => {
      const body = answerBody(address, { status: 'FAILED', physicalId: 'id', reason });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
      const shown: string = JSON.parse(body).Reason;
      expect(reason.startsWith(shown.replace(/…$/, ''))).toBe(true);
    }), { numRuns: 200 });
  });

  test('a short reason is whole, a long one is cut late', () => {
    expect(JSON.parse(answerBody(address, { status: 'FAILED', physicalId: 'id', reason: 'why' })).Reason).toBe('why');
    const cut = answerBody(address, { status: 'FAILED', physicalId: 'id', reason: '€'.repeat(9000) });
    expect(Buffer.byteLength(cut)).toBeGreaterThan(MAX_ANSWER_BYTES - 20);
  });

  test('a success that does not fit is refused with its size', () => {
    expect(() => answerBody(address, { status: 'SUCCESS', physicalId: 'id', attributes: { Environment: 'x'.repeat(5000) } }))
      .toThrow(/has 5\d{3} bytes and CloudFormation takes 4096/);
  });
});

test('a list as JSON has the first that fit, quotes escaped once more', () => {
  fc.assert(fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 30 }), fc.integer({ min: 10, max: 400 }), (all, most) => {
    const text = fittingJson(all, most);
    const kept = JSON.parse(text);
    expect(kept).toEqual(all.slice(0, kept.length));
    const bytes = (given: unknown) => Buffer.byteLength(JSON.stringify(JSON.stringify(given)));
    expect(bytes(kept)).toBeLessThanOrEqual(Math.max(most, bytes([])));
    if (kept.length < all.length) { expect(bytes(all.slice(0, kept.length + 1))).toBeGreaterThan(most); }
  }));
});

test('a text is whole, or cut where it does not fit', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.double({ min: -10, max: 400, noNaN: true }), (text, most) => {
    const cut = fittingText(text, most);
    expect(answerBytes(cut)).toBeLessThanOrEqual(Math.max(most, answerBytes('')));
    expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true);
    if (answerBytes(text) <= most && most >= answerBytes('…')) { expect(cut).toBe(text); }
  }));
});
