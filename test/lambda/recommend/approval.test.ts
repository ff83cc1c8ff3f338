import * as fc from 'fast-check';
import { PackageState, verdictOn } from '../../../lambda/recommend/approval';
import { APPROVED_BY_STACK } from '../../../src/contract/approval';
import { APPROVALS } from '../../../src/contract/recommend';
import { recommend } from '../../harness/recommendation';
import { serviceError, Stage } from '../../harness/stage';

const Fallback = { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' };
const DENIED = serviceError('AccessDeniedException', 'not authorized to perform: sagemaker:UpdateModelPackage');
const THROTTLED = serviceError('ThrottlingException', 'Rate exceeded');

/** A stage whose package has this status. */
async function stageWith(ModelApprovalStatus: string): Promise<Stage> {
  const stage = await new Stage().setUp();
  await stage.sagemaker('UpdateModelPackage', { ModelPackageArn: stage.packageArn, ModelApprovalStatus });
  return stage;
}
const packageOf = (stage: Stage) => stage.sagemaker('DescribeModelPackage', { ModelPackageName: stage.packageArn });
const approve = (stage: Stage) => stage.sagemaker('UpdateModelPackage', { ModelPackageArn: stage.packageArn, ModelApprovalStatus: 'Approved' });

describe('the verdict', () => {
  const states: fc.Arbitrary<PackageState> = fc.record({
    status: fc.option(fc.constantFrom('Approved', 'PendingManualApproval', 'Rejected', 'AnotherWord'), { nil: undefined }), isVersion: fc.boolean(),
  });
  const approvals = fc.constantFrom(...APPROVALS);

  test('never approves or deploys a rejected package', () => {
    fc.assert(fc.property(states, approvals, (state, approval) => {
      expect(verdictOn({ ...state, status: 'Rejected' }, approval)).toBe('rejected');
    }));
  });

  test('approves only where the stack approves, and only what is not approved', () => {
    fc.assert(fc.property(states, approvals, (state, approval) => {
      const verdict = verdictOn(state, approval);
      expect(verdict === 'approve').toBe(approval === 'ByStack' && state.isVersion && !['Approved', 'Rejected'].includes(state.status!));
    }));
  });

  test('waits only where somebody else approves', () => {
    fc.assert(fc.property(states, (state) => { expect(verdictOn(state, 'ByStack')).not.toBe('pending'); }));
  });

  test.each<[string, PackageState | undefined, string]>([
    ['an approved version', { status: 'Approved', isVersion: true }, 'pass'],
    ['a pending version', { status: 'PendingManualApproval', isVersion: true }, 'pending'],
    ['a version without a status', { isVersion: true }, 'pass'],
    ['a package that is no version', { isVersion: false }, 'pass'],
    ['no package', undefined, 'gone'],
  ])('on %s, if somebody else approves', (_what, state, verdict) => {
    expect(verdictOn(state, 'Required')).toBe(verdict);
  });
});

describe('an approval by others', () => {
  test('lets an approved package be deployed', async () => {
    const stage = await stageWith('Approved');
    expect(await recommend(stage, { Approval: 'Required' })).toMatchObject({ Status: 'SUCCESS', Data: { ModelPackageArn: stage.packageArn, Source: 'Benchmark' } });
  });

  test('fails the deploy until there is one, and says how to mend it; then the same job is found', async () => {
    const stage = await stageWith('PendingManualApproval');
    const { Status, Reason } = await recommend(stage, { Approval: 'Required' });
    expect([Status, Reason]).toEqual(['FAILED', `Model package ${stage.packageArn} is PendingManualApproval, and only an approved package can be deployed.`
      + ' Approve it in the model registry, and deploy again: the job is found, not paid again. Or let the stack approve it: set `approval` to `PackageApproval.byThisStack()`.']);
    expect((await packageOf(stage)).ModelApprovalStatus).toBe('PendingManualApproval');
    await approve(stage);
    expect(await recommend(stage, { Approval: 'Required' })).toMatchObject({ Status: 'SUCCESS', Data: { Source: 'Benchmark' } });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
  });

  test.each([['PendingManualApproval'], ['Rejected']])('uses the fallback while the package is %s, and explains it', async (status) => {
    const stage = await stageWith(status);
    const { Data } = await recommend(stage, { Approval: 'Required', Fallback, ParameterPath: '/shop/best' });
    expect(Data).toMatchObject({ Source: 'Fallback', InstanceType: 'ml.m5.large' });
    expect(Data!.Summary).toMatch(new RegExp(`^WARNING: the fallback is used\\. Model package ${stage.packageArn} is ${status},.* change the \`trigger\` of the`));
    const { Warning, Chosen, Ranking } = JSON.parse(stage.parameters('/shop/best').explanation);
    expect([Warning, Chosen]).toEqual([expect.stringContaining(status), undefined]);
    expect(Ranking.length).toBeGreaterThan(0);
  });

  test('is looked for once more at another trigger', async () => {
    const stage = await stageWith('PendingManualApproval');
    await recommend(stage, { Approval: 'Required', Fallback });
    await approve(stage);
    expect(await recommend(stage, { Approval: 'Required', ApprovalTrigger: 'again', Fallback }, 'Update', { PhysicalResourceId: 'JobBest' }))
      .toMatchObject({ Data: { Source: 'Benchmark' } });
  });

  test('is not given by the function', async () => {
    const stage = await stageWith('PendingManualApproval');
    await recommend(stage, { Approval: 'Required' });
    expect(stage.count('UpdateModelPackage')).toBe(0);
  });
});

describe('an approval by the stack', () => {
  test('is given once, with the stack\'s name', async () => {
    const stage = await stageWith('PendingManualApproval');
    for (const _delivery of [1, 2]) { expect(await recommend(stage, { Approval: 'ByStack' })).toMatchObject({ Status: 'SUCCESS', Data: { Source: 'Benchmark' } }); }
    expect(await packageOf(stage)).toMatchObject({ ModelApprovalStatus: 'Approved', ApprovalDescription: expect.stringContaining('JobBest') });
    expect((await packageOf(stage)).ApprovalDescription.startsWith(APPROVED_BY_STACK)).toBe(true);
    expect(stage.count('UpdateModelPackage')).toBe(1);
  });

  test('never replaces an approval or a rejection by somebody', async () => {
    for (const status of ['Approved', 'Rejected']) {
      const stage = await stageWith(status);
      await recommend(stage, { Approval: 'ByStack', Fallback });
      expect(stage.count('UpdateModelPackage')).toBe(0);
      expect((await packageOf(stage)).ModelApprovalStatus).toBe(status);
    }
  });

  test('is refused to a rejected package, with a sentence', async () => {
    const { Status, Reason } = await recommend(await stageWith('Rejected'), { Approval: 'ByStack' });
    expect([Status, Reason]).toEqual(['FAILED', expect.stringMatching(/ is Rejected, and .* A stack never approves a rejected package\. Approve it in the model registry, and deploy again/)]);
    expect(Reason).not.toContain('byThisStack');
  });

  test('is not given to what is not deployed', async () => {
    const stage = await stageWith('PendingManualApproval');
    expect(await recommend(stage, { Approval: 'ByStack', Fallback, Limits: { MaxModelLatency: '0' } })).toMatchObject({ Data: { Source: 'Fallback' } });
    expect(stage.count('UpdateModelPackage')).toBe(0);
  });

  test.each([['before', false], ['after', true]])('outlasts calls that are throttled %s they took effect', async (_when, afterEffect) => {
    const stage = await stageWith('PendingManualApproval');
    for (const operation of ['DescribeModelPackage', 'UpdateModelPackage']) { stage.fail(operation, THROTTLED, 2, afterEffect); }
    expect(await recommend(stage, { Approval: 'ByStack' })).toMatchObject({ Status: 'SUCCESS', Data: { Source: 'Benchmark' } });
    expect((await packageOf(stage)).ModelApprovalStatus).toBe('Approved');
  });

  test('that is denied for good fails the deploy with the denial, also where there is a fallback', async () => {
    const stage = await stageWith('PendingManualApproval');
    stage.fail('UpdateModelPackage', DENIED, 1000);
    expect(await recommend(stage, { Approval: 'ByStack', Fallback })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('sagemaker:UpdateModelPackage') });
  });
});

test.each(APPROVALS)('a package that is gone is named (%s)', async (Approval) => {
  const stage = await stageWith('Approved');
  await stage.send(stage.start('Create'));
  await stage.pass(60);
  const gone = stage.packageArn;
  await stage.sagemaker('DeleteModelPackage', { ModelPackageName: gone });
  const { JobName } = stage.calls.find(({ operation }) => operation === 'CreateInferenceRecommendationsJob')!.input;
  const { Reason } = await stage.send(stage.event('Custom::InferenceRecommendation', 'JobBest', 'Create', {
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime', Approval,
  }));
  expect(Reason).toMatch(new RegExp(`^Model package ${gone}, which the job recommends, is gone: somebody deleted it\\. Change the job.s .trigger.`));
});

test('nobody looks at a package without a choice of approval', async () => {
  const stage = await stageWith('PendingManualApproval');
  const before = () => stage.count('DescribeModelPackage');
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  const count = before();
  await stage.send(stage.event('Custom::InferenceRecommendation', 'JobBest', 'Create', {
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: Data!.JobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime',
  }));
  expect(before()).toBe(count);
});
