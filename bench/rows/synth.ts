import { turns } from '../children';
import { atMost, Figure, figure, ratios, Row } from '../figures';
import { Section } from '../report';

const RUNS = 5;
/** As many chains as leave room under 500 resources. */
const PER_STACK = '36';

/** What a user's own roles cost, which ours must be able to stand in for. */
const WITH_ROLES = '(b) with two roles of the CDK a job';

interface Synth { readonly ms: number; readonly mib: number; readonly resources: number }

/** Time and memory of synth over an empty app, ours beside as many L1s. */
export async function synth(): Promise<Section> {
  const rows: Row[] = [];
  const oursMs: Record<number, Figure> = {};
  for (const jobs of [1, 10, 100]) {
    const [empty, ours, byHand, withRoles] = await turns<Synth>(RUNS, [
      ['synth.ts', 'empty', '0', PER_STACK],
      ...['ours', 'l1', 'l2-roles'].map((kind) => ['synth.ts', kind, `${jobs}`, PER_STACK] as const),
    ]);
    const over = (runs: readonly Synth[], what: 'ms' | 'mib', divisor = 1) => runs.map((run, n) => (run[what] - empty[n][what]) / divisor);
    // As many resources: each side's time is taken a resource.
    const ratioOf = (what: 'ms' | 'mib') => ratios(over(ours, what, ours[0].resources), over(byHand, what, byHand[0].resources));
    const [ratio, memory] = [ratioOf('ms'), ratioOf('mib')];
    oursMs[jobs] = figure(over(ours, 'ms'));
    rows.push({
      what: `synth of ${jobs} job${jobs > 1 ? 's' : ''} with package, model and endpoint, over an empty app`,
      unit: 'ms of processor time',
      ours: oursMs[jobs],
      others: { '(b)': figure(over(byHand, 'ms')), [WITH_ROLES]: figure(over(withRoles, 'ms')) },
      ratio,
      note: `${ours[0].resources} resources; (b) ${byHand[0].resources}; the ratio is a resource`,
      goal: jobs === 100 ? atMost(ratio.median, 1.3, 'ratio at most 1.3') : undefined,
    }, {
      what: 'its memory, over an empty app\'s',
      unit: 'MiB',
      ours: figure(over(ours, 'mib')),
      others: { '(b)': figure(over(byHand, 'mib')), [WITH_ROLES]: figure(over(withRoles, 'mib')) },
      ratio: memory,
      goal: jobs === 100 ? atMost(memory.median, 1.3, 'ratio at most 1.3') : undefined,
    });
  }
  const growth = (oursMs[100].median - oursMs[10].median) / 90 / ((oursMs[10].median - oursMs[1].median) / 9);
  return {
    title: 'Synth',
    rows,
    text: `A further job costs ${growth.toFixed(2)} times as much between 10 and 100 jobs as between 1 and 10 (1 is linear).`,
  };
}
