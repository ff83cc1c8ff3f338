import { Stack, Tags } from 'aws-cdk-lib';
import { EndpointType, InferenceRecommendationsJob, IInferenceRecommendation, Objective, Recommendation } from '../../../src';
import { RECOMMENDATION_ATTRIBUTES } from '../../../src/contract/recommend';
import { arn, deployed, idOf, idsOf, jobIn, newStack, only } from '../../harness/constructs';
import { SCOPE } from '../../harness/place';

const TYPE = 'Custom::InferenceRecommendation';

test('is asked of the job that its last stage names, with an objective and a kind of endpoint', () => {
  const stack = newStack();
  jobIn(stack).addRecommendation('Best', { objective: Objective.lowestLatency(), endpointType: EndpointType.SERVERLESS });
  const resources = deployed(stack);
  expect(only(resources, TYPE).Properties).toEqual({
    ServiceToken: expect.stringContaining('InferenceRecommenderRuntimeRecommendFunction'),
    ServiceTimeout: '2880',
    SchemaVersion: expect.any(String),
    Namespace: SCOPE.Namespace,
    ModelPackageArn: arn('sagemaker', 'model-package/models/1'),
    Family: 'InferenceRecommendations',
    JobName: `${idOf(resources, 'JobWait2')}.JobName`,
    Objective: 'LowestLatency',
    EndpointType: 'Serverless',
  });
});

test('is the cheapest real-time one by default', () => {
  const stack = newStack();
  const recommendation = jobIn(stack).addRecommendation('Best');
  expect(only(deployed(stack), TYPE).Properties).toMatchObject({ Objective: 'LowestCostPerInference', EndpointType: 'RealTime' });
  expect(recommendation.endpointType).toBe('RealTime');
});

test('changes nothing of its job: another objective leaves the start and the stages as they are', () => {
  const jobWith = (objective: Objective) => {
    const stack = newStack();
    jobIn(stack).addRecommendation('Best', { objective });
    return Object.fromEntries(Object.entries(deployed(stack)).filter(([, { Type }]) => Type !== TYPE));
  };
  expect(jobWith(Objective.highestThroughput())).toEqual(jobWith(Objective.lowestCostPerHour()));
});

test('waits for its function alone, whose role has the permissions in itself', () => {
  const stack = newStack();
  jobIn(stack).addRecommendation('Best');
  const resources = deployed(stack);
  expect(only(resources, TYPE)).not.toHaveProperty('DependsOn');
  expect(resources[idOf(resources, 'InferenceRecommenderRuntimeRecommendRole')].Properties.Policies.map(({ PolicyName }: any) => PolicyName)).toEqual(['Policy']);
});

test('every field is an attribute of the resource, and every attribute that the handler answers is a field', () => {
  const stack = newStack();
  const recommendation: IInferenceRecommendation = jobIn(stack).addRecommendation('Best');
  const [id] = idsOf(deployed(stack), TYPE);
  const fields = [
    'jobName', 'modelPackageArn', 'modelName', 'recommendationId', 'instanceType', 'initialInstanceCount', 'instanceCount',
    'serverlessMemorySizeInMb', 'serverlessMaxConcurrency', 'benchmarkEndpointName', 'benchmarkVariantName', 'inferenceSpecificationName', 'compilationJobName',
    'environment', 'costPerHour', 'costPerInference', 'maxInvocations', 'modelLatency', 'cpuUtilization', 'memoryUtilization', 'modelSetupTime', 'invocationStartTime',
    'invocationEndTime', 'fleetCostPerHour', 'source', 'summary',
  ] as const;
  const attributes = fields.map((field) => stack.resolve(recommendation[field])['Fn::GetAtt']);
  attributes.forEach(([logicalId]) => expect(logicalId).toBe(id));
  expect(attributes.map(([, attribute]) => attribute).sort()).toEqual(RECOMMENDATION_ATTRIBUTES.filter((attribute) => attribute !== 'TargetInLowerCase').sort());
});

test('knows the package that its job benchmarked', () => {
  const job = jobIn(newStack());
  expect(job.addRecommendation('Best').modelPackage).toBe(job.target!.modelPackage);
});

test('can stand beside a job of its stack, as a construct of its own', () => {
  const stack = newStack();
  new Recommendation(stack, 'Best', { job: jobIn(stack) });
  expect(idsOf(deployed(stack), TYPE)).toEqual([expect.stringMatching(/^Best[0-9A-F]{8}$/)]);
});

test('takes no tags: it costs nothing, and a changed tag must not choose again', () => {
  const stack = newStack();
  const job = jobIn(stack);
  job.addRecommendation('Best');
  Tags.of(stack).add('team', 'ml');
  expect(only(deployed(stack), TYPE).Properties).not.toHaveProperty('Tags');
});

test('one in another stack than its job is refused, with the way out', () => {
  const stack = newStack();
  const job = InferenceRecommendationsJob.fromJobName(stack, 'Job', 'job');
  const other = new Stack(stack.node.root as any, 'Other');
  expect(() => new Recommendation(other, 'Best', { job })).toThrow(/`job` must be of the recommendation's own stack, got one of Shop/);
});
