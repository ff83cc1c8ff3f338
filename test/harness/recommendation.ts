import { Stage } from './stage';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';

/** The endpoint of a result, and a result with it. */
export const endpoint = { EndpointName: 'e', VariantName: 'v', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 };
export const rowOf = (Metrics: Record<string, number>, EndpointConfiguration: object): any => (
  { Metrics, EndpointConfiguration, ModelConfiguration: {} });

/** A job of ten minutes with these results. */
export const job = (recommendations: any[]) => () => ({ durationSeconds: 600, recommendations });

/** Runs a job to its end, and asks the recommend function for one of its recommendations. */
export async function recommend(stage: Stage, properties: Record<string, unknown> = {}, type = 'Create', overrides = {}) {
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  return stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', type, {
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: Data!.JobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime', ...properties,
  }, overrides));
}
