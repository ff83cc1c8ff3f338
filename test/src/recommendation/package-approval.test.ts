import { Duration, Stack } from 'aws-cdk-lib';
import { decide } from '../../../local-aws/iam/policy';
import {
  AIRecommendationJob, AIRecommendationJobProps, GenerativeRecommendationOptions, InstanceType, ModelPackage, ModelPackageGroup, PackageApproval,
  Wait,
} from '../../../src';
import { APPROVAL_NEEDED } from '../../../src/contract/events';
import { arn, deployed, idOf, idsOf, newStack, only, policiesOf, Resources } from '../../harness/constructs';
import { recommendationJobIn } from '../../harness/generative';

const TYPE = 'Custom::InferenceRecommendation';

function stackWith(options: GenerativeRecommendationOptions = {}, jobProps: (stack: Stack) => Partial<AIRecommendationJobProps> = () => ({})): Stack {
  const stack = newStack();
  recommendationJobIn(stack, jobProps(stack)).addRecommendation('Best', options);
  return stack;
}
const approvalOf = (options?: GenerativeRecommendationOptions) => {
  const { Approval, ApprovalTrigger, ApprovalSeconds } = only(deployed(stackWith(options)), TYPE).Properties;
  return [Approval, ApprovalTrigger, ...ApprovalSeconds ? [ApprovalSeconds] : []];
};

test.each<[string, GenerativeRecommendationOptions | undefined, Array<string | undefined>]>([
  ['none', undefined, ['Required', undefined]],
  ['by others', { approval: PackageApproval.required() }, ['Required', undefined]],
  ['by others, once more', { approval: PackageApproval.required({ trigger: '2' }) }, ['Required', '2']],
  ['by the stack', { approval: PackageApproval.byThisStack() }, ['ByStack', undefined]],
  ['by a person', { approval: PackageApproval.byPerson() }, ['Wait', undefined, '3000']],
  ['by a person, in time', { approval: PackageApproval.byPerson({ timeout: Duration.minutes(10), trigger: '2' }) }, ['Wait', '2', '600']],
  ['by the stack, once more', { approval: PackageApproval.byThisStack({ trigger: '2' }) }, ['ByStack', '2']],
])('an approval reaches the function: %s', (_what, options, expected) => {
  expect(approvalOf(options)).toEqual(expected);
});

test.each([[0], [51]])('a deploy cannot wait %d minutes for a person', (minutes) => {
  expect(() => PackageApproval.byPerson({ timeout: Duration.minutes(minutes) })).toThrow(/^`timeout` must be a whole number between 60 and 3000, got: \d+\.$/);
});

describe('what the function may do', () => {
  const group = (stack: Stack) => ({ modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat') });
  const may = (stack: Stack, action: string, resource: string, status?: string, who = 'Recommend') => {
    const resources = deployed(stack);
    return decide(policiesOf(resources, idOf(resources, `InferenceRecommenderRuntime${who}Role`)), `sagemaker:${action}`, resource,
      status === undefined ? {} : { 'sagemaker:ModelApprovalStatus': status }) === 'Allow';
  };
  const [own, other] = ['chat', 'theirs'].map((name) => arn('sagemaker', `model-package/${name}/1`));

  test('look at the versions of the job\'s group, and at any if the service chooses the group', () => {
    expect([own, other].map((one) => may(stackWith({}, group), 'DescribeModelPackage', one))).toEqual([true, false]);
    expect([own, other].map((one) => may(stackWith(), 'DescribeModelPackage', one))).toEqual([true, true]);
  });

  test('approve the versions of the job\'s group, where the stack approves; never reject one, or change it without its status', () => {
    const stack = stackWith({ approval: PackageApproval.byThisStack() }, group);
    expect([own, other].map((one) => may(stack, 'UpdateModelPackage', one, 'Approved'))).toEqual([true, false]);
    expect(['Rejected', 'PendingManualApproval', undefined].map((status) => may(stack, 'UpdateModelPackage', own, status))).toEqual([false, false, false]);
    expect(['Start', 'WaitEnd'].map((who) => may(stack, 'UpdateModelPackage', own, 'Approved', who))).toEqual([false, false]);
  });

  test('start the machine that waits, only where the deploy waits for a person; in a policy of its own, which the resource waits for', () => {
    const resources = deployed(stackWith({ approval: PackageApproval.byPerson() }, group));
    const machine = idsOf(resources, 'AWS::StepFunctions::StateMachine').find((id) => id.includes('Following'))!;
    const starts = (given: Resources, id: string) => decide(policiesOf(given, idOf(given, 'InferenceRecommenderRuntimeRecommendRole')), 'states:StartExecution',
      arn('states', `stateMachine:${id}`), {}) === 'Allow';
    expect([starts(resources, machine), starts(resources, `${machine}2`)]).toEqual([true, false]);
    expect(starts(deployed(stackWith({}, group)), machine)).toBe(false);
    const { DependsOn, Properties } = only(resources, TYPE) as any;
    expect(DependsOn.some((id: string) => id.includes('WaitingPolicy'))).toBe(true);
    expect([Properties.ServiceTimeout, Properties.StateMachineArn]).toEqual(['3600', expect.stringContaining(machine)]);
  });

  test('approve nothing where somebody else approves', () => {
    expect(may(stackWith({}, group), 'UpdateModelPackage', own, 'Approved')).toBe(false);
  });
});

describe('the rule for a package that waits', () => {
  const background = (approval?: PackageApproval) => {
    const stack = newStack();
    const modelPackage = ModelPackage.fromModelPackageArn(stack, 'Old', arn('sagemaker', 'model-package/chat/1'));
    const fallback = { modelPackage, instanceType: InstanceType.ML_G6_12XLARGE };
    const job: AIRecommendationJob = recommendationJobIn(stack, { wait: Wait.inBackground() });
    return { stack, best: job.addRecommendation('Best', { approval, fallback }) };
  };

  test('is for the recommendation\'s own events', () => {
    const { stack, best } = background();
    best.onApprovalNeeded('Tell');
    const resources = deployed(stack);
    expect(only(resources, 'AWS::Events::Rule').Properties.EventPattern).toMatchObject({
      'detail-type': [APPROVAL_NEEDED], 'detail': { LogicalResourceId: [idOf(resources, 'JobBest')] },
    });
  });

  test('is refused where no such event is put', () => {
    expect(() => background(PackageApproval.byThisStack()).best.onApprovalNeeded('Tell')).toThrow('`onApprovalNeeded` needs an `approval` by others');
    expect(() => recommendationJobIn(newStack()).addRecommendation('Best').onApprovalNeeded('Tell')).toThrow('`onApprovalNeeded` needs something that waits');
    const job = recommendationJobIn(newStack());
    expect(() => job.addRecommendation('Best', { approval: PackageApproval.byPerson() }).onApprovalNeeded('Tell')).not.toThrow();
  });
});
