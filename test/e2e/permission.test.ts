import { failsAfter, sharedAccount } from './account';
import { InProcessRunner } from './in-process-runner';

const account = sharedAccount({ lambdaRunner: new InProcessRunner() });

const denied = (action: string) => expect.stringMatching(`is not authorized to perform: ${action} on resource: \\S+ with an explicit deny`);

test.concurrent('a role that the function may not pass fails the deploy in these words', async () => {
  const stack = (await account()).stack('NoPassRole');
  expect(await stack.deploy({ role: 'OwnRole', deny: { role: 'Start/Role', action: 'iam:PassRole' } }))
    .toMatchObject({ exitCode: 1, output: denied('iam:PassRole') });
  expect(stack.record.status).toBe('ROLLBACK_COMPLETE');
  expect(await stack.jobs()).toEqual([]);
});

test.concurrent.each([
  ['NoCreate', 'Start/Role', 'sagemaker:CreateInferenceRecommendationsJob', []],
  ['NoWaitEnd', 'WaitEnd/Role', 'sagemaker:DescribeInferenceRecommendationsJob', ['COMPLETED']],
  ['NoChoice', 'Recommend/Role', 'sagemaker:DescribeInferenceRecommendationsJob', ['COMPLETED']],
  ['NoModel', 'Model/Role', 'sagemaker:CreateModel', ['COMPLETED']],
])('%s: where %s may not %s, the stack fails in these words and rolls back', async (name, role, action, jobs) => {
  const stack = (await account()).stack(name);
  expect(await stack.bring({ endpoint: name === 'NoModel', deny: { role, action } })).toBe('ROLLBACK_COMPLETE');
  expect(stack.reasons).toEqual(denied(action));
  expect(await stack.statuses()).toEqual(jobs);
});

test.concurrent('a denial is waited out for a hundred seconds, as one of a role that IAM has not propagated yet, and no longer', async () => {
  const stack = (await account()).stack('RetryBudget');
  await stack.bring({ deny: { role: 'Start/Role', action: 'sagemaker:CreateInferenceRecommendationsJob' } });
  const minutes = stack.minutesOf(/^Job[0-9A-F]{8}$/, 'CREATE_FAILED');
  expect(minutes).toBeGreaterThan(1.5);
  expect(minutes).toBeLessThan(1.9);
});

test.concurrent('a poll that is denied does not keep the end of a job from being seen', async () => {
  const stack = (await account()).stack('NoPoll', () => ({ durationSeconds: 30 * 60 }));
  expect(await stack.bring({ deny: { role: 'WaitRole', action: 'sagemaker:DescribeInferenceRecommendationsJob' } })).toBe('CREATE_COMPLETE');
  expect(stack.minutesOf(/^JobWait1/)).toBeLessThan(60);
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});

test.concurrent('where nothing may be told that a job is over, CloudFormation\'s own hour ends the wait', async () => {
  const stack = (await account()).stack('NoInvoke');
  expect(await stack.bring({ deny: { role: 'WaitRole', action: 'lambda:InvokeFunction' } })).toBe('ROLLBACK_COMPLETE');
  expect(stack.minutesOf(/^JobWait1/, 'CREATE_FAILED')).toBe(60);
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});

test.concurrent('a job that nobody could wait for, or look after, is not started', async () => {
  const stack = (await account()).stack('NoExecution');
  expect(await stack.bring({ loadTestHours: 5, deny: { role: 'Start/Role', action: 'states:StartExecution' } })).toBe('ROLLBACK_COMPLETE');
  expect(stack.reasons).toEqual(denied('states:StartExecution'));
  expect(await stack.statuses()).toEqual([]);
  expect(await stack.remove()).toBe('DELETE_COMPLETE');
});

test.concurrent('a job that cannot be stopped keeps its role', async () => {
  const stack = (await account()).stack('NoStop');
  const action = 'sagemaker:StopInferenceRecommendationsJob';
  expect(await stack.bring({ siblingFailsAfterMinutes: 10, deny: { role: 'Start/Role', action } })).toBe('ROLLBACK_FAILED');
  expect(stack.reasons).toEqual(denied(action));
  expect(stack.resources(/^JobRole/).map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
});

test.concurrent('a job\'s own reason is told even where its failure cannot be noted in its tags', async () => {
  const stack = (await account()).stack('NoTag', () => failsAfter(10));
  expect(await stack.bring({ deny: { role: 'WaitEnd/Role', action: 'sagemaker:AddTags' } })).toBe('ROLLBACK_COMPLETE');
  expect(stack.reasons).toContain('All benchmarks failed');
});
