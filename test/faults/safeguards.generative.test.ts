import { synthesizeApps } from './apps';
import { campaign, reportOf } from './campaign';
import { Fault } from './faults';
import { AI_RECOMMENDATION_JOBS } from './generative-family';
import { Invariant } from './invariants';
import { aiRecommendations } from '../../lambda/jobs/ai-recommendations/family';
import { aiRecommendationsReader } from '../../lambda/jobs/ai-recommendations/reader';
import * as jobs from '../../lambda/jobs/jobs';
import * as approval from '../../lambda/recommend/approval';

const family = AI_RECOMMENDATION_JOBS;
const apps = synthesizeApps(family);
const real = { ...approval };

interface Safeguard {
  /** How it is switched off. */
  readonly off: () => void;
  readonly shows: readonly Invariant[];
  /** What it is there for. */
  readonly meets: readonly Fault[];
  /** A seed from which its absence shows soon. @default 1 */
  readonly seed?: number;
}

const SAFEGUARDS: Readonly<Record<string, Safeguard>> = {
  'a job that has run as long as it may is stopped': {
    off: () => jest.spyOn(jobs, 'overdueAt').mockReturnValue(Infinity),
    shows: ['overdue'],
    meets: ['job too long'],
  },
  'what a job has registered is deleted with it, where the app says so': {
    off: () => {
      for (const one of [aiRecommendations, aiRecommendationsReader]) {
        jest.spyOn(one as typeof aiRecommendationsReader, 'delete').mockImplementation(async (sagemaker, AIRecommendationJobName) => {
          await sagemaker.send(Object.assign(Object.create({ constructor: { name: 'DeleteAIRecommendationJobCommand' } }), { input: { AIRecommendationJobName } }));
        });
      }
    },
    shows: ['packages'],
    meets: [],
  },
  'a stack approves only where its app says so': {
    off: () => jest.spyOn(approval, 'approvalRefusal').mockImplementation((decision, properties, ...rest) => (
      real.approvalRefusal(decision, { ...properties, Approval: 'ByStack' }, ...rest))),
    // The functions have no permission for it, so the deploy fails for ever.
    shows: ['approval', 'recovery'],
    meets: [],
  },
};

afterEach(() => jest.restoreAllMocks());

test.each(Object.keys(SAFEGUARDS))('the campaign notices when it is off that %s', async (name) => {
  const { off, shows, meets, seed = 1 } = SAFEGUARDS[name];
  const options = { seed, family, emphasis: { severity: 'harsh', faults: meets } } as const;
  off();
  const { violated: [first], lifecycles } = await campaign(apps, { ...options, lifecycles: 300, untilViolated: true });
  expect(shows).toContain(first?.violations[0].invariant);

  jest.restoreAllMocks();
  const { violated } = await campaign(apps, { ...options, lifecycles });
  expect(violated.flatMap(reportOf)).toEqual([]);
});
