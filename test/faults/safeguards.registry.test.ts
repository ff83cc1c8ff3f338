import { synthesizeApps } from './apps';
import { campaign, reportOf } from './campaign';
import { Fault } from './faults';
import { RegistryApp, synthesizeRegistry } from './registry-app';
import { RegistryInvariant } from './registry-invariants';
import * as approval from '../../lambda/approve/approval';
import { Closed, Ledger } from '../../lambda/approve/ledger';
import * as slots from '../../lambda/approve/slots';
import * as jobs from '../../lambda/jobs/jobs';
import { LONGEST_PAUSE_SECONDS } from '../../src/contract/waiting';

const apps = synthesizeApps();
const registry = synthesizeRegistry();
const real = { ...approval, ...slots };
/** The ledger's own parts, which no other module sees. */
const ledger: any = Ledger.prototype;
const { put, open, change } = ledger;

interface Safeguard {
  /** How it is switched off, and what it is without it. */
  readonly off: () => void;
  /** Where it stands in a template. */
  readonly without?: (template: string) => string;
  /** The invariants by one of which its absence shows. */
  readonly shows: readonly RegistryInvariant[];
  /** What it is there for. */
  readonly meets: readonly Fault[];
  /** A seed from which its absence shows soon. @default 1 */
  readonly seed?: number;
}

/** An approval that is never decided is asked for every few hours, and not every twenty minutes: the same comes of it, sooner. */
function lessPatient(template: string): string {
  return template.replace(new RegExp(`(\\\\"MaxDelaySeconds\\\\":)${LONGEST_PAUSE_SECONDS},(\\\\"MaxAttempts\\\\":)(\\d+)`, 'g'), (_found, delay, attempts, most) => (
    `${delay}${12 * LONGEST_PAUSE_SECONDS},${attempts}${Math.ceil(most / 12)}`));
}

const SAFEGUARDS: Readonly<Record<string, Safeguard>> = {
  'a slot is claimed by one execution': {
    off: () => jest.spyOn(ledger, 'put').mockImplementation(function (this: any, ...[name, value]) { return put.call(this, name, value, true); }),
    shows: ['cap', 'slot'],
    meets: ['slow'],
  },
  'of two executions that want the same job, one starts it': {
    off: () => {
      jest.spyOn(slots, 'isContested').mockReturnValue(false);
      jest.spyOn(slots, 'chooseSlot').mockImplementation((all, claim, ...rest) => real.chooseSlot(all, { ...claim, seen: ['', ...all.map(({ started }) => started)] }, ...rest));
    },
    shows: ['once', 'reason', 'slot'],
    meets: ['duplicated'],
    seed: 470,
  },
  'the ledger is closed with its registry': {
    off: () => jest.spyOn(ledger, 'close').mockResolvedValue(undefined),
    shows: ['remains'],
    meets: [],
  },
  // The registry's end waits for it, and the function that has started it stops it.
  'a job that starts while its registry leaves the stack is stopped': {
    off: () => {
      jest.spyOn(slots, 'isStarting').mockReturnValue(false);
      jest.spyOn(ledger, 'change').mockImplementation(async function (this: any, slot: any) {
        await change.call(this, slot).catch((error: Error) => { if (!(error instanceof Closed)) { throw error; } });
      });
    },
    shows: ['remains'],
    meets: ['slow', 'deleted midway'],
    seed: 3180,
  },
  'a renewal is known by the time for which it was scheduled': {
    off: () => jest.spyOn(approval, 'benchmarkApproved').mockImplementation((asked, deps) => real.benchmarkApproved(
      asked.packageArn === '' && asked.eventId.endsWith('-again') ? { ...asked, time: asked.time.replace('Z', '.001Z') } : asked, deps,
    )),
    shows: ['once'],
    meets: ['duplicated'],
    seed: 428,
  },
  'the state machine tries an approval again': {
    off: () => {},
    without: (template) => template.replace(/(\\"MaxAttempts\\":)\d+/g, (_found, name) => `${name}0`),
    shows: ['reason', 'lost'],
    meets: ['throttled', 'killed'],
  },
  'a slot is given back only if its job has certainly not started': {
    off: () => jest.spyOn(jobs, 'newestAttempt').mockResolvedValue(undefined),
    shows: ['cap', 'slot', 'once'],
    meets: ['unanswered', 'refused'],
    seed: 15,
  },

  'a slot that its execution has left is recovered': {
    off: () => jest.spyOn(slots, 'isLeft').mockReturnValue(false),
    without: lessPatient,
    shows: ['slot', 'reason', 'ended'],
    meets: ['execution aborted', 'throttled'],
    seed: 59,
  },
  'a changed cap holds for approvals on their way': {
    off: () => {
      const opened = new Set();
      jest.spyOn(ledger, 'open').mockImplementation(function (this: any, ...given: any[]) {
        if (opened.has(this.path)) { return Promise.resolve(); }
        opened.add(this.path);
        return open.call(this, ...given);
      });
    },
    shows: ['cap', 'slot', 'reason'],
    meets: [],
  },
  'a job waits while a month ends and begins': {
    off: () => jest.spyOn(ledger, 'month').mockImplementation(function (this: any) { return slots.monthOf(this.clock.now()); }),
    shows: ['cap', 'slot', 'reason'],
    meets: ['slow', 'clock skewed'],
    seed: 26,
  },
};

afterEach(() => jest.restoreAllMocks());

/** A spy keeps each call, and a life makes thousands. */
const watch = () => { jest.clearAllMocks(); };

test.each(Object.keys(SAFEGUARDS))('the campaign notices when it is off that %s', async (name) => {
  const { off, without, shows, meets, seed = 1 } = SAFEGUARDS[name];
  const options = { seed, emphasis: { severity: 'harsh', faults: meets }, registriesOnly: true } as const;
  off();
  const changed: RegistryApp = without ? { ...registry, template: without(registry.template) } : registry;
  const { violated: [first], lifecycles } = await campaign(apps, { ...options, lifecycles: 300, untilViolated: true, watch, registry: changed });
  expect(shows).toContain(first?.violations[0].invariant);

  jest.restoreAllMocks();
  const { violated } = await campaign(apps, { ...options, lifecycles, registry });
  expect(violated.flatMap(reportOf)).toEqual([]);
});
