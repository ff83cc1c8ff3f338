import { RecommendationRun } from './script';
import { Region } from '../../kernel';
import { NO_CAPACITY } from '../endpoints';
import { lackOf } from '../quotas';
import { SageMakerState } from '../state';

/** The run of a job, without the types of which it gets no instance. If none is left, the job fails. */
export function withAvailable(run: RecommendationRun, region: Region): RecommendationRun {
  const lacks = run.recommendations.map(({ instanceType, instanceCount = 1 }) => (
    region.room(SageMakerState).withoutCapacity.has(instanceType) ? NO_CAPACITY : lackOf(new Map([[instanceType, instanceCount]]), region)
  ));
  const recommendations = run.recommendations.filter((_row, index) => lacks[index] === undefined);
  const isLost = run.recommendations.length > 0 && recommendations.length === 0;
  return { ...run, recommendations, ...isLost && { outcome: 'Failed' as const, failureReason: run.failureReason ?? `CapacityError: ${lacks[0]}` } };
}
