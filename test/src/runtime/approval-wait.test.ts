import { Key } from 'aws-cdk-lib/aws-kms';
import { decide } from '../../../local-aws/iam/policy';
import { InferenceRecommenderRuntime, PackageApproval } from '../../../src';
import { arn, deployed, idOf, idsOf, newStack, policiesOf } from '../../harness/constructs';
import { recommendationJobIn } from '../../harness/generative';

const RECOMMEND = 'InferenceRecommenderRuntimeRecommendRole';

test('two recommendations of a job share one policy and the machine that follows jobs', () => {
  const stack = newStack();
  const job = recommendationJobIn(stack);
  for (const id of ['Best', 'Soonest']) { job.addRecommendation(id, { approval: PackageApproval.byPerson() }); }
  const resources = deployed(stack);
  expect(idsOf(resources, 'AWS::IAM::ManagedPolicy').concat(idsOf(resources, 'AWS::IAM::Policy')).filter((id) => id.includes('WaitingPolicy'))).toHaveLength(1);
  expect(idsOf(resources, 'AWS::StepFunctions::StateMachine').filter((id) => id.includes('Following'))).toHaveLength(1);
});

test('the function may end the executions that wait and look at them, and those of no other machine', () => {
  const stack = newStack();
  recommendationJobIn(stack).addRecommendation('Best', { approval: PackageApproval.byPerson() });
  const resources = deployed(stack);
  const may = (action: string, resource: string) => decide(policiesOf(resources, idOf(resources, RECOMMEND)), action, resource, {}) === 'Allow';
  const [machine] = idsOf(resources, 'AWS::StepFunctions::StateMachine').filter((id) => id.includes('Following'));
  const answers = (name: string) => [
    may('states:ListExecutions', arn('states', `stateMachine:${name}`)),
    ...['StopExecution', 'DescribeExecution'].map((action) => may(`states:${action}`, arn('states', `execution:${name}.Name:one`))),
  ];
  expect([answers(machine), answers('theirs')]).toEqual([[true, true, true], [false, false, false]]);
});

test('without a wait, it may do nothing with executions', () => {
  const stack = newStack();
  recommendationJobIn(stack).addRecommendation('Best');
  const resources = deployed(stack);
  expect(JSON.stringify(policiesOf(resources, idOf(resources, RECOMMEND)))).not.toContain('states:');
});

test('with a key for the machines, the function may use it for them only', () => {
  const stack = newStack();
  const key = Key.fromKeyArn(stack, 'Key', arn('kms', 'key/0123'));
  InferenceRecommenderRuntime.configure(stack, { encryptionKey: key });
  recommendationJobIn(stack).addRecommendation('Best', { approval: PackageApproval.byPerson() });
  const resources = deployed(stack);
  const machine = arn('states', 'stateMachine:InferenceRecommenderRuntimeFollowing');
  const may = (context: Record<string, string>) => decide(policiesOf(resources, idOf(resources, RECOMMEND)), 'kms:GenerateDataKey', arn('kms', 'key/0123'), context) === 'Allow';
  const name = 'kms:EncryptionContext:aws:states:stateMachineArn';
  expect([may({ [name]: machine }), may({ [name]: arn('states', 'stateMachine:theirs') }), may({})]).toEqual([true, false, false]);
});
