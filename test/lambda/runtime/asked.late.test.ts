import { isDeepStrictEqual } from 'util';
import * as asked from '../../../lambda/runtime/asked';
import { MODEL_RESOURCE_TYPE } from '../../../src/contract/model';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { done, PATH } from '../../harness/published';
import { LARGER, REGISTERED_LARGER, ScaledEndpoint, XLARGE } from '../../harness/scaled-endpoint';
import { RESPONSE_URL, ROLE_ARN, Stage } from '../../harness/stage';

/** The address of a request that was sent before everything here. */
const EARLIER = { ResponseURL: `${RESPONSE_URL}&X-Amz-Date=20200101T000000Z` };

afterEach(() => jest.restoreAllMocks());

/** The self-check: without the order of times, what is tested here happens. */
function switchOff(): void {
  jest.spyOn(asked, 'isAfter').mockReturnValue(false);
}

describe('a model', () => {
  const properties = (stage: Stage, Environment: string) => ({
    SchemaVersion: '1', ModelPackageName: stage.packageArn, InferenceSpecificationName: '', CompilationJobName: '', Environment, ExecutionRoleArn: ROLE_ARN,
  });
  const names = async (stage: Stage) => (await stage.sagemaker('ListModels', {})).Models.map(({ ModelName }: any) => ModelName);

  /** A model that was replaced and has come back, and its Delete of the time between. */
  async function returned() {
    const stage = await new Stage().setUp();
    const [one, two] = ['{}', '{"THREADS":"4"}'].map((environment) => properties(stage, environment));
    const event = (type: string, now: object, more: object = {}) => stage.event(MODEL_RESOURCE_TYPE, 'Model', type, now, more);
    const first = await stage.send(event('Create', one));
    await stage.pass(1);
    const change = event('Update', two, { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: one });
    const second = await stage.send(change);
    const removal = event('Delete', one, { PhysicalResourceId: first.PhysicalResourceId });
    await stage.send(removal);
    await stage.pass(1);
    await stage.send(event('Update', one, { PhysicalResourceId: second.PhysicalResourceId, OldResourceProperties: two }));
    return { stage, change, removal, first: first.PhysicalResourceId, second: second.PhysicalResourceId };
  }

  test('that is made again outlives a repeated Delete of the earlier one', async () => {
    const { stage, removal, first } = await returned();
    await stage.deliver(removal);
    expect(await names(stage)).toContain(first);
  });

  test('that is made again is deleted if the rule is off', async () => {
    const { stage, removal, first } = await returned();
    switchOff();
    await stage.deliver(removal);
    expect(await names(stage)).not.toContain(first);
  });

  test('that a later request keeps outlives a Delete of before', async () => {
    const { stage, second } = await returned();
    const { ResourceProperties } = stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Delete', properties(stage, '{"THREADS":"4"}'));
    await stage.send(stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Delete', ResourceProperties, { PhysicalResourceId: second, ...EARLIER }));
    expect(await names(stage)).toContain(second);
  });

  test('of a repeated Update is not made when a later one has returned to the model before it', async () => {
    const { stage, change, first, second } = await returned();
    await stage.send(stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Delete', properties(stage, '{"THREADS":"4"}'), { PhysicalResourceId: second }));
    await stage.deliver(change);
    expect(await names(stage)).toEqual([first]);
  });
});

describe('parameters of a recommendation', () => {
  test.each([['Create', 'on'], ['Update', 'on'], ['Delete', 'on'], ['Create', 'off'], ['Delete', 'off']])('after a repeated %s of before, with the rule %s', async (type, rule) => {
    const { stage, jobName, create, update, parameters } = await done();
    await create();
    await update({ Objective: 'LowestLatency' });
    const before = parameters();
    if (rule === 'off') { switchOff(); }
    await stage.deliver(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', type, {
      SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: jobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime', ParameterPath: PATH,
    }, { PhysicalResourceId: 'JobBest', ...EARLIER }));
    expect(JSON.stringify(parameters()) === JSON.stringify(before)).toBe(rule === 'on');
  });
});

describe('the scaling of an endpoint', () => {
  test.each([['Update', 'on'], ['Delete', 'on'], ['Update', 'off'], ['Delete', 'off']] as const)('after a repeated %s of before, with the rule %s', async (type, rule) => {
    const stack = await new ScaledEndpoint().setUp();
    await stack.create(XLARGE);
    await stack.update(LARGER);
    if (rule === 'off') { switchOff(); }
    await stack.scale(type, XLARGE, { PhysicalResourceId: 'Scaling', ...EARLIER });
    await stack.pause(type, XLARGE, { PhysicalResourceId: LARGER.config, ...EARLIER });
    const { endpointConfigName, paused } = stack.record ?? {};
    const isAsLast = isDeepStrictEqual(stack.registered, REGISTERED_LARGER) && endpointConfigName === LARGER.config && !paused;
    expect(isAsLast).toBe(rule === 'on');
  });
});
