import * as fc from 'fast-check';
import { APPROVAL_CALL_SECONDS, APPROVED_BY_STACK, approvalDescription, isApprovedByStack } from '../../../src/contract/approval';
import { violations } from '../../../src/service/constraints';
import { SAGEMAKER_SHAPES as SHAPES } from '../../../src/service/sagemaker-shapes';

const TIME = Date.UTC(2026, 0, 1);
const STACK_ID = 'arn:aws:cloudformation:us-east-1:111111111111:stack/Chat/0a1b2c3d';

test('a description names the stack and the resource, and is known again', () => {
  const ApprovalDescription = approvalDescription({ StackId: STACK_ID, LogicalResourceId: 'JobBest' }, TIME);
  expect(ApprovalDescription).toBe(`${APPROVED_BY_STACK} stack Chat deploys it, as its resource JobBest chose at 2026-01-01T00:00:00.000Z.`);
  expect(isApprovedByStack(ApprovalDescription)).toBe(true);
});

test.each([undefined, '', 'LGTM', `not ${APPROVED_BY_STACK}`])('%p is a description of somebody else', (ApprovalDescription) => {
  expect(isApprovedByStack(ApprovalDescription)).toBe(false);
});

test('the service takes every description', () => {
  const name = (maxLength: number) => fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]*$/, { maxLength });
  fc.assert(fc.property(name(128), name(255), (stack, LogicalResourceId) => {
    const description = approvalDescription({ StackId: STACK_ID.replace('Chat', stack), LogicalResourceId }, TIME);
    expect([violations(SHAPES, 'ApprovalDescription', description), isApprovedByStack(description)]).toEqual([[], true]);
  }));
});

test('an approval is the stack\'s unless it is later than the call can be: then somebody has approved the version anew, and the description has stayed', () => {
  const description = approvalDescription({ StackId: STACK_ID, LogicalResourceId: 'JobBest' }, TIME);
  fc.assert(fc.property(fc.integer({ min: -86_400, max: 86_400 }), (seconds) => {
    expect(isApprovedByStack(description, new Date(TIME + seconds * 1000).toISOString())).toBe(seconds <= APPROVAL_CALL_SECONDS);
  }));
});

test.each(['', 'soon', 'LGTM'])('a description of a stack that somebody has changed to end with %p is a stack\'s still', (end) => {
  expect(isApprovedByStack(`${APPROVED_BY_STACK} ${end}`, '2026-01-02T00:00:00Z')).toBe(true);
});
