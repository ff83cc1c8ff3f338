import { turns } from '../children';
import { atMost, Figure, figure, ratios, Row } from '../figures';
import { Installed, installed } from '../installed';
import { Section } from '../report';

/** For few jobs, and for the many of the goal: these vary by a tenth from run to run. */
const [RUNS, RUNS_OF_MANY] = [5, 21];
const MANY = 100;
/** The number of chains that stays below 500 resources. */
const PER_STACK = '36';

/** The cost of a user's own roles, because this library's roles must be able to replace them; and the cost of ids by construct instead of by stack. */
const [WITH_ROLES, FLAT] = ['(b) with two roles of the CDK a job', '(b) all flat in the stack, in no construct'];

interface Synth { readonly ms: number; readonly whole: number; readonly cpu: number; readonly mib: number; readonly resources: number }

type Measure = 'ms' | 'cpu' | 'mib';
/** What the whole process may take, beside the L1s with the CDK's roles, by its jobs. */
const MOST_WHOLE: Readonly<Record<number, number>> = { 1: 1.3, 10: 1.2, [MANY]: 1.2 };
const MEASURES: ReadonlyArray<{ readonly measure: Measure; readonly what: string; readonly unit: string }> = [
  { measure: 'ms', what: 'its time, over an empty app\'s', unit: 'ms' },
  { measure: 'cpu', what: 'its processor time', unit: 'ms of processor time' },
  { measure: 'mib', what: 'its memory', unit: 'MiB' },
];

/** Time and memory of synth beyond an empty app, compared with as many L1s. */
export async function synth(): Promise<Section> {
  const app = await installed('synth.ts');
  try {
    return await measured(app);
  } finally {
    app.remove();
  }
}

async function measured({ script, code }: Installed): Promise<Section> {
  const rows: Row[] = [];
  const times: Record<number, Figure> = {};
  const lines = new Map<string, Array<readonly [number, number]>>();
  for (const jobs of [1, 10, MANY]) {
    const [empty, ours, byHand, withRoles, flat] = await turns<Synth>(jobs === MANY ? RUNS_OF_MANY : RUNS, [
      [script, 'empty', '0', PER_STACK, code],
      ...['ours', 'l1', 'l2-roles', 'l1-flat'].map((kind) => [script, kind, `${jobs}`, PER_STACK, code] as const),
    ]);
    const over = (runs: readonly Synth[], measure: Measure, divisor = 1) => runs.map((run, n) => (run[measure] - empty[n][measure]) / divisor);
    for (const { measure, what, unit } of MEASURES) {
      // A user writes a role of the CDK for the job and one for the model. Each side's value is divided by its resources.
      const ratio = ratios(over(ours, measure, ours[0].resources), over(withRoles, measure, withRoles[0].resources));
      const own = figure(over(ours, measure));
      if (measure === 'ms') {
        times[jobs] = own;
        for (const [name, runs] of [['ours', ours], ['(b)', byHand], [WITH_ROLES, withRoles]] as const) {
          lines.set(name, [...lines.get(name) ?? [], [jobs, figure(over(runs, measure)).median]]);
        }
      }
      rows.push({
        what: `synth of ${jobs} job${jobs > 1 ? 's' : ''} with package, model and endpoint: ${what}`,
        unit,
        ours: own,
        others: { '(b)': figure(over(byHand, measure)), [WITH_ROLES]: figure(over(withRoles, measure)), [FLAT]: figure(over(flat, measure)) },
        ratio,
        note: measure === 'ms' ? `${ours[0].resources} resources; (b) ${byHand[0].resources}, with two roles ${withRoles[0].resources}; the ratio is a resource, to (b) with two roles` : undefined,
        // Processor time includes the compiler's work on other cores.
        goal: jobs === MANY && measure !== 'cpu' ? atMost(ratio.median, 1.3, 'ratio at most 1.3') : undefined,
      });
    }
    const whole = ratios(ours.map((run) => run.whole), withRoles.map((run) => run.whole));
    rows.push({
      what: `synth of ${jobs} job${jobs > 1 ? 's' : ''} with package, model and endpoint: the whole process`,
      unit: 'ms',
      ours: figure(ours.map((run) => run.whole)),
      others: { [WITH_ROLES]: figure(withRoles.map((run) => run.whole)) },
      ratio: whole,
      goal: atMost(whole.median, MOST_WHOLE[jobs], `ratio at most ${MOST_WHOLE[jobs]}`),
    });
  }
  const growth = (times[MANY].median - times[10].median) / 90 / ((times[10].median - times[1].median) / 9);
  return {
    title: 'Synth',
    rows,
    plots: [{
      name: 'synth',
      title: 'Synth, over an empty app\'s',
      x: { label: 'jobs, each with package, model and endpoint', isLogarithmic: true },
      y: { label: 'ms' },
      lines: [...lines].map(([name, points]) => ({ name, points })),
    }],
    text: `A further job costs ${growth.toFixed(2)} times as much between 10 and 100 jobs as between 1 and 10 (1 is linear). Plain JavaScript, the library`
      + ' an installed package; each app, the empty one too, has an imported bucket that is the user\'s own; (b) is a'
      + ' construct for each chain, and has its functions\' code as an asset.',
  };
}
