import { Apps, synthesizeApps } from './apps';
import { campaign, reportOf } from './campaign';
import { Fault } from './faults';
import { Invariant } from './invariants';
import * as claims from '../../lambda/jobs/claims';
import type { Job } from '../../lambda/jobs/family';
import * as identity from '../../lambda/jobs/identity';
import { inferenceRecommendations } from '../../lambda/jobs/inference-recommendations/family';
import * as jobs from '../../lambda/jobs/jobs';
import * as answer from '../../lambda/runtime/answer';
import * as retry from '../../lambda/runtime/retry';
import * as execution from '../../lambda/start/execution';
import * as stop from '../../lambda/start/stop';
import * as jobName from '../../src/contract/job-name';
import * as waiting from '../../src/contract/waiting';

const apps = synthesizeApps();
const real = { ...answer, ...jobs, ...retry, ...execution, ...jobName, ...identity, ...inferenceRecommendations };

let made = 0;
/** A name that nothing else has. */
const madeUp = () => (++made).toString(16).padStart(16, '0');

interface Safeguard {
  /** How it is switched off, and what it is without it. */
  readonly off: () => void;
  /** Where it stands in a template. */
  readonly without?: (template: string) => string;
  /** The invariants by one of which its absence shows. */
  readonly shows: readonly Invariant[];
  /** What it is there for. */
  readonly meets: readonly Fault[];
  /** Whether its absence shows where nothing at all may come of what happens. */
  readonly gentle?: true;
  /** A seed from which its absence shows soon. @default 1 */
  readonly seed?: number;
}

/** A stop with another idea of what to stop. */
function stopping(instead: (claimant: any, deps: any, release: jobs.Release) => Promise<Job[]>): void {
  jest.spyOn(jobs, 'releaseJobs').mockImplementation((_family, claimant, deps, release = {}) => instead(claimant, deps, release));
}

const SAFEGUARDS: Readonly<Record<string, Safeguard>> = {
  'an answer that is refused is sent again': {
    off: () => jest.spyOn(answer, 'answer').mockImplementation(async (address, outcome, deps) => deps.put(address.ResponseURL, answer.answerBody(address, outcome))),
    shows: ['silence'],
    meets: ['answer refused'],
  },
  'no address stands in a log line': {
    off: () => jest.spyOn(answer, 'answer').mockImplementation((address, outcome, deps) => {
      deps.log({ message: 'answering', address });
      return real.answer(address, outcome, deps);
    }),
    shows: ['secrets'],
    meets: [],
  },
  'a job is named by its content': {
    off: () => jest.spyOn(jobName, 'jobId').mockImplementation(({ namespace }) => (
      `${namespace}-00000000${madeUp()}`
    )),
    shows: ['twice', 'bill', 'attributes'],
    meets: ['duplicated'],
  },
  'a model is named by its content': {
    off: () => jest.spyOn(jobName, 'modelName').mockImplementation((stackId, logicalId) => real.constructPrefix(stackId, logicalId) + madeUp()),
    shows: ['gentle', 'answers'],
    meets: ['duplicated', 'killed', 'answer lost'],
    gentle: true,
    seed: 82,
  },
  'a name that is taken is our own request that arrived before': {
    off: () => jest.spyOn(inferenceRecommendations, 'create').mockImplementation((sagemaker, ...input) => real.create({
      send: (command: any) => sagemaker.send(command).catch((error: Error) => { throw error.name === 'ResourceInUse' ? new Error(error.message) : error; }),
    } as any, ...input)),
    shows: ['gentle'],
    meets: ['unanswered', 'killed'],
    gentle: true,
    seed: 98,
  },
  'what to stop is found by its claims': {
    off: () => jest.spyOn(jobs, 'releaseJobs').mockResolvedValue([]),
    shows: ['orphan', 'role'],
    meets: ['dropped', 'sibling failed', 'deleted midway', 'update cancelled'],
  },
  'a stop waits until the job is over': {
    off: () => stopping(async (claimant, deps, release) => {
      await real.releaseJobs(inferenceRecommendations, claimant, deps, release);
      return [];
    }),
    shows: ['role'],
    meets: ['sibling failed', 'deleted midway'],
  },
  'an update that fails stops what it may have started': {
    off: () => jest.spyOn(stop, 'releaseFailed').mockResolvedValue(),
    shows: ['orphan'],
    meets: ['unanswered'],
    seed: 690,
  },
  'a job is ours by its claim': {
    off: () => jest.spyOn(claims, 'claimOf').mockReturnValue({ id: '', at: '', state: '' }),
    shows: ['foreign'],
    meets: ['sibling failed'],
  },
  'a job is found by what it benchmarks': {
    off: () => jest.spyOn(identity, 'jobIds').mockImplementation(async (...given) => (await real.jobIds(...given)).slice(-1)),
    shows: ['twice', 'bill'],
    meets: ['sibling failed'],
    seed: 45,
  },
  'a job that others claim is left to them': {
    off: () => jest.spyOn(claims, 'isShared').mockReturnValue(false),
    shows: ['stolen'],
    meets: ['sibling failed', 'deleted midway'],
    seed: 29,
  },
  'somebody looks after each job': {
    off: () => jest.spyOn(execution, 'watchJob').mockResolvedValue(),
    shows: ['orphan'],
    meets: ['duplicated', 'delayed', 'update cancelled', 'answer refused'],
    seed: 345,
  },
  'a repeated delivery starts no second attempt': {
    off: () => jest.spyOn(claims, 'isClaimedSince').mockReturnValue(false),
    shows: ['bill'],
    meets: ['duplicated', 'job failed'],
    seed: 119,
  },
  'a repeated Delete says nothing when its permissions are gone': {
    off: () => jest.spyOn(retry, 'isLost').mockReturnValue(false),
    shows: ['answers'],
    meets: ['duplicated', 'deleted midway', 'answer refused'],
    seed: 61989,
  },
  'a failure that was told is tried again when it is asked for': {
    off: () => jest.spyOn(claims, 'isReportedBefore').mockReturnValue(false),
    shows: ['recovery'],
    meets: ['job failed'],
  },
  'a failure that was not told is not tried again': {
    off: () => jest.spyOn(claims, 'isReportedBefore').mockReturnValue(true),
    shows: ['bill'],
    meets: ['job failed'],
    seed: 803,
  },
  'a failure of a job that its construct does not claim is tried again': {
    off: () => jest.spyOn(claims, 'isUnclaimed').mockReturnValue(false),
    shows: ['recovery'],
    meets: ['job vanished'],
    seed: 161,
  },
  'an execution is named by its request': {
    off: () => jest.spyOn(execution, 'startExecution').mockImplementation((family, event, deps, until, input) => real.startExecution(family, event, {
      ...deps,
      stepFunctions: {
        send: (command: any) => deps.stepFunctions.send(Object.assign(command, { input: { ...command.input, name: madeUp() } })),
      } as any,
    }, until, input)),
    shows: ['executions'],
    meets: ['duplicated', 'unanswered'],
    gentle: true,
  },
  'a call with a transient error is made again': {
    off: () => jest.spyOn(retry, 'retrying').mockImplementation((api) => api),
    shows: ['gentle'],
    meets: ['throttled'],
    gentle: true,
  },
  'each event has a retry budget of its own': {
    off: () => {
      const budgets = new WeakMap();
      jest.spyOn(retry, 'retrying').mockImplementation((api, clock) => {
        if (!budgets.has(api)) { budgets.set(api, real.retrying(api, clock)); }
        return budgets.get(api);
      });
    },
    shows: ['gentle'],
    meets: ['throttled'],
    gentle: true,
  },
  'a stage hands over within the hour': {
    off: () => jest.replaceProperty(waiting, 'STAGE_SECONDS', 2 * 3600),
    shows: ['silence'],
    meets: ['job too long'],
  },
  'the state machine tries again': {
    off: () => {},
    without: (template) => template.replace(/(\\"MaxAttempts\\":)\d+/g, (_found, name) => `${name}0`)
      .replace('\\"Next\\":\\"Failure\\"}],\\"Default\\":\\"EndWait\\"', '\\"Next\\":\\"Failure\\"}],\\"Default\\":\\"Failure\\"'),
    shows: ['gentle', 'silence', 'recovery'],
    meets: ['throttled', 'unavailable', 'killed'],
    gentle: true,
  },
};

afterEach(() => jest.restoreAllMocks());

/** A spy keeps each call, and a life makes thousands. */
const watch = () => { jest.clearAllMocks(); };

test.each(Object.keys(SAFEGUARDS))('the campaign notices when it is off that %s', async (name) => {
  const { off, without, shows, meets, gentle, seed = 1 } = SAFEGUARDS[name];
  const emphasis = { severity: gentle ? 'gentle' : 'harsh', faults: meets } as const;
  off();
  const changedApps = without ? changed(without) : apps;
  const { violated: [first], lifecycles } = await campaign(changedApps, { lifecycles: 300, seed, untilViolated: true, watch, emphasis });
  expect(shows).toContain(first?.violations[0].invariant);

  jest.restoreAllMocks();
  const { violated } = await campaign(apps, { lifecycles, seed, emphasis });
  expect(violated.flatMap(reportOf)).toEqual([]);
});

function changed(change: (template: string) => string): Apps {
  return (name, stackName) => {
    const app = apps(name, stackName);
    return { ...app, template: (variant) => change(app.template(variant)) };
  };
}
