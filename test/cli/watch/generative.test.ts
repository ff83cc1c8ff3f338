import type { Io } from '../../../cli/src/terminal/io';
import { Screen } from '../../../cli/src/terminal/screen';
import { watch, Surroundings } from '../../../cli/src/watch/watch';
import { LocalApps } from '../../e2e/local-apps';
import { actionsOf, lead, withPolicy } from '../command';
import { chat, inStack, instant, measured, openWorld } from '../generative';

const own = { ...process.env };
let apps: LocalApps;
let io: Io & { readonly lines: string[]; readonly told: string[] };

beforeEach(async () => {
  const [lines, told]: string[][] = [[], []];
  io = { lines, told, out: (text) => lines.push(...text.split('\n')), err: (text) => told.push(text), isTerminal: false, hasColors: false, columns: 160 };
  apps = await openWorld({ byHand: true });
  lead(apps.aws.environment());
});
afterEach(async () => {
  process.env = { ...own };
  await apps.close();
});

/** Virtual time passes while the view waits. */
function surroundings(given: Partial<Surroundings> = {}): Surroundings {
  return {
    clock: {
      now: () => apps.aws.world.clock.now(),
      sleep: async () => {
        await apps.pass(2);
        // A stack's function answers through a connection, in turns of this process that are no virtual time.
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    },
    screen: () => undefined,
    onInterrupt: () => () => {},
    ...given,
  };
}

class Pictures implements Screen {
  public readonly columns = 160;
  public readonly rows = 40;
  public readonly all: string[] = [];
  public draw(lines: readonly string[]): void { this.all.push(lines.join('\n')); }
  public clear(): void {}
  public onResize(): () => void { return () => {}; }
  public done(): void {}
}

const deploy = (build: Parameters<typeof inStack>[1]) => apps.bring(inStack('Chat', build), 'Chat');
const at = (text: RegExp) => io.lines.findIndex((line) => text.test(line));

test('a generative job is watched by what the service tells of it, within what its stack allows, and the ranked table is last', async () => {
  const done = deploy(chat);
  expect(await watch(['Chat'], io, surroundings())).toBe(0);
  expect(await done).toBe('CREATE_COMPLETE');
  const order = [
    /^Chat: CREATE_IN_PROGRESS$/, /Job\w+: no job has started yet$/, /Job\w+: InProgress \(job \w+-\w+, generative recommendation, at most 8 h\)$/,
    /Job\w+: still InProgress, \d+ min, at most 7 h \d+ min left$/, /Job\w+: Completed after 4 h/, /^verdict +endpoint/, /^chosen /,
  ].map(at);
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  // The service does not tell the parts of such a job.
  expect(io.lines.filter((line) => line.includes('benchmarks done'))).toEqual([]);
});

test('in a terminal, each job has its status, its time and what it is', async () => {
  const screen = new Pictures();
  void deploy(measured);
  expect(await watch(['Chat'], { ...io, isTerminal: true }, surroundings({ screen: () => screen }))).toBe(0);
  expect(screen.all).toContainEqual(expect.stringMatching(/\nJob\w+: InProgress, \d+ min, at most .* left\n {2}benchmark of an endpoint, job \S+$/));
  expect(io.lines).toContainEqual(expect.stringMatching(/^time_to_first_token +ms /));
});

test('a model and what is recommended with it end the view at once, also if nothing is recommended yet', async () => {
  expect(await apps.passUntil(deploy((stack) => instant(stack)))).toBe('CREATE_COMPLETE');
  const waits = surroundings({ clock: { now: () => 0, sleep: () => { throw new Error('It waits.'); } } });
  expect(await watch(['Chat'], io, waits)).toBe(0);
  const operations = apps.region().sagemaker.operations as Record<string, any>;
  const describe = operations.DescribeModel;
  operations.DescribeModel = async (input: any, call: any) => ({ ...await describe(input, call), DeploymentRecommendation: undefined });
  expect(await watch(['Chat'], io, waits)).toBe(0);
  expect([io.told, io.lines.filter((line) => /^instant recommendation, /.test(line))]).toEqual([
    [], ['instant recommendation, COMPLETED, without a benchmark, free', 'instant recommendation, IN_PROGRESS, without a benchmark, free'],
  ]);
});

test('lines of JSON say what a job is, and have no steps', async () => {
  void deploy(chat);
  expect(await watch(['Chat', '--json'], io, surroundings())).toBe(0);
  const records = io.lines.map((line) => JSON.parse(line));
  expect(records).toContainEqual(expect.objectContaining({ change: 'job', status: 'InProgress', title: 'generative recommendation', mostMinutes: 480 }));
  expect(records.filter(({ change }) => change === 'benchmark')).toEqual([]);
  expect(records.at(-1)).toMatchObject({ change: 'end', exitCode: 0, jobs: [{ family: 'AIRecommendation', choices: [{ recommendations: [{ verdict: 'chosen' }, {}] }] }] });
});

test('a job by its name needs no more than its policy', async () => {
  expect(await apps.passUntil(deploy(chat))).toBe('CREATE_COMPLETE');
  const [{ name }] = [...(apps.region().sagemaker.state as any).aiRecommendationJobs.values()];
  expect(await watch(['--policy'], io, surroundings())).toBe(0);
  const policy = io.lines.splice(0).join('');
  lead(withPolicy(apps.aws, apps.region(), 'watch-only', policy));
  const called = await actionsOf(apps.aws, async () => { expect(await watch([name], io, surroundings())).toBe(0); });
  expect(called.filter((action) => !JSON.parse(policy).Statement[0].Action.includes(action))).toEqual([]);
  expect(io.lines).toContainEqual(expect.stringMatching(/^chosen /));
});
