import * as fc from 'fast-check';
import { APPROVED_BY_STACK, approvalDescription, isApprovedByStack } from '../../../src/contract/approval';
import { violations } from '../../../src/service/constraints';
import { SAGEMAKER_SHAPES as SHAPES } from '../../../src/service/sagemaker-shapes';

const STACK_ID = 'arn:aws:cloudformation:us-east-1:111111111111:stack/Chat/0a1b2c3d';

test('a description names the stack and the resource, and is known again', () => {
  const ApprovalDescription = approvalDescription({ StackId: STACK_ID, LogicalResourceId: 'JobBest' });
  expect(ApprovalDescription).toBe(`${APPROVED_BY_STACK} stack Chat deploys it, as its resource JobBest chose.`);
  expect(isApprovedByStack(ApprovalDescription)).toBe(true);
});

test.each([undefined, '', 'LGTM', `not ${APPROVED_BY_STACK}`])('%p is a description of somebody else', (ApprovalDescription) => {
  expect(isApprovedByStack(ApprovalDescription)).toBe(false);
});

test('the service takes every description', () => {
  const name = (maxLength: number) => fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]*$/, { maxLength });
  fc.assert(fc.property(name(128), name(255), (stack, LogicalResourceId) => {
    const description = approvalDescription({ StackId: STACK_ID.replace('Chat', stack), LogicalResourceId });
    expect([violations(SHAPES, 'ApprovalDescription', description), isApprovedByStack(description)]).toEqual([[], true]);
  }));
});
