import { App, Stack } from 'aws-cdk-lib';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { CONTAINER_CONFIG, ownRole } from './apps/shop';
import { InProcessRunner } from './in-process-runner';
import { LocalApps } from './local-apps';
import { BenchmarkTarget, InferenceRecommendationsJob, Model, Objective, RecommendedHosting } from '../../src';
import { XGBOOST } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

let apps: LocalApps;
beforeAll(async () => { apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() }); });
afterAll(() => apps.close());

/** A model, a configuration and an endpoint of CloudFormation, to which an app adds a benchmark. */
const foreign = (objective: Objective) => (app: App): void => {
  const stack = new Stack(app, 'Foreign', { env: { account: ACCOUNT, region: REGION } });
  const role = ownRole(stack);
  const benchmarked = new CfnModel(stack, 'Model', { executionRoleArn: role.roleArn, primaryContainer: { image: XGBOOST, environment: { OWN: 'kept' } } });
  benchmarked.node.addDependency(role);
  const config = new CfnEndpointConfig(stack, 'Config', {
    productionVariants: [{
      variantName: 'Live', modelName: benchmarked.attrModelName, initialVariantWeight: 1, instanceType: 'ml.t2.medium', initialInstanceCount: 1, volumeSizeInGb: 20,
    }],
  });
  new CfnEndpoint(stack, 'Endpoint', { endpointName: 'live', endpointConfigName: config.attrEndpointConfigName });
  const best = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModel(benchmarked), containerConfig: CONTAINER_CONFIG, role })
    .addRecommendation('Best', { objective });
  config.with(new RecommendedHosting(best, { model: new Model(stack, 'Best', { recommendation: best, role }) }));
};

/** What the endpoint serves: its configuration's name, variant and container. */
async function served() {
  const { EndpointConfigName, EndpointStatus } = await apps.sagemaker('DescribeEndpoint', { EndpointName: 'live' });
  const { ProductionVariants: [variant] } = await apps.sagemaker('DescribeEndpointConfig', { EndpointConfigName });
  const { PrimaryContainer } = await apps.sagemaker('DescribeModel', { ModelName: variant.ModelName });
  return { EndpointConfigName, EndpointStatus, variant, container: PrimaryContainer };
}

const resourceOf = (id: string) => [...apps.stack('Foreign').resources.values()].find(({ logicalId }) => logicalId.startsWith(id))!;

test('a foreign model is benchmarked, a foreign configuration hosts it as recommended, and another choice replaces the configuration', async () => {
  expect([await apps.bring(foreign(Objective.lowestCostPerInference()), 'Foreign'), apps.reasons('Foreign')]).toEqual(['CREATE_COMPLETE', '']);
  const first = await served();
  const chosen = resourceOf('JobBest').attributes!;
  expect(first.EndpointStatus).toBe('InService');
  expect(first.variant).toMatchObject({
    VariantName: 'Live', VolumeSizeInGB: 20, InstanceType: chosen.InstanceType, InitialInstanceCount: Number(chosen.InstanceCount),
  });
  expect(first.container.Environment).toMatchObject({ OWN: 'kept', ...JSON.parse(chosen.Environment || '{}') });

  expect([await apps.bring(foreign(Objective.lowestLatency()), 'Foreign'), apps.reasons('Foreign')]).toEqual(['UPDATE_COMPLETE', '']);
  const second = await served();
  expect(second.EndpointStatus).toBe('InService');
  expect(second.variant.InstanceType).toBe(resourceOf('JobBest').attributes!.InstanceType);
  expect(second.variant.InstanceType).not.toBe(first.variant.InstanceType);
  expect(second.EndpointConfigName).not.toBe(first.EndpointConfigName);
  await expect(apps.sagemaker('DescribeEndpointConfig', { EndpointConfigName: first.EndpointConfigName })).rejects.toThrow('Could not find');
  expect(apps.region().sagemaker.state.jobs.size).toBe(1);
  expect(await apps.remove('Foreign')).toBe('DELETE_COMPLETE');
});
