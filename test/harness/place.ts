import { digest } from '../../src/contract/job-name';

/** Where everything here is deployed. */
export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
export const STACK_ID = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/shop/0a1b2c3d-1111-2222-3333-444455556666`;

/** The role that benchmarks run as. */
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/benchmark`;

/** How jobs are found in that stack, as its constructs say it. */
export const SCOPE = { StackKey: digest('Shop', 8), Namespace: digest('stack Shop', 8), Reuse: 'stack', ScopeName: 'shop' } as const;
/** Whose claim a job has, as IAM's conditions see it. */
export const CLAIMED = { [`aws:ResourceTag/cdk-sagemaker-inference-recommender:stack:${SCOPE.StackKey}`]: STACK_ID };
