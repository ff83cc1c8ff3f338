import type { ResourceView } from '../../../cli/src/account/stack';
import { jobData } from '../../../cli/src/report/gather';
import { whyChosen } from '../../../cli/src/report/why';
import { choiceOf } from '../../../cli/src/subject/choice';
import { recordedSubject } from '../../../cli/src/subject/recorded';

const row = (InstanceType: string, CostPerHour: number) => ({
  Metrics: { CostPerHour, CostPerInference: CostPerHour / 1e6, MaxInvocations: 100, ModelLatency: 20 },
  EndpointConfiguration: { InstanceType, InitialInstanceCount: 1 },
  ModelConfiguration: {},
});

/** Why a recommendation of a job with two instance types chooses what it does, and what is noted beside. */
function said(properties: object): { readonly why: string[]; readonly notes: readonly string[] } {
  const { jobs: [{ job }] } = recordedSubject(JSON.stringify({ JobName: 'job', InferenceRecommendations: [row('ml.c5.xlarge', 0.2), row('ml.m5.xlarge', 0.3)] }), 'job.json');
  const resource = { logicalId: 'Best', properties: { Objective: 'LowestCostPerInference', EndpointType: 'RealTime', ...properties } } as unknown as ResourceView;
  const choice = choiceOf(job, resource);
  const { choices: [data] } = jobData({ job, choices: [choice] }, new Map());
  return { why: whyChosen(choice, data), notes: data.notes };
}

test('of enough types, the others serve where the first has no capacity', () => {
  expect(said({ InstancePools: '2' })).toMatchObject({ why: expect.arrayContaining(['Where it has no capacity, ml.m5.xlarge × 1 serves.']), notes: [] });
});

test('too few types for the instance pools are told, and not as a broken limit', () => {
  const tooFew = 'only 2 of the 3 instance types that are wanted may be chosen';
  expect(said({ InstancePools: '3' })).toEqual({ why: [`None is chosen: ${tooFew}.`], notes: [`O${tooFew.slice(1)}, and there is no fallback.`] });
  expect(said({ InstancePools: '3', Fallback: { InstanceType: 'ml.m5.large' } }).notes).toEqual([`O${tooFew.slice(1)}, so the stack uses its fallback, ml.m5.large.`]);
});

test('where each breaks a limit, that is told', () => {
  expect(said({ InstancePools: '3', Limits: { MaxModelLatency: '1' } })).toEqual({
    why: ['Each of the 2 recommendations breaks a limit.'], notes: ['None may be chosen, and there is no fallback.'],
  });
});
