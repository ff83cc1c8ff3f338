import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Io } from '../../../cli/src/terminal/io';
import { Screen } from '../../../cli/src/terminal/screen';
import { watch, Surroundings } from '../../../cli/src/watch/watch';
import { AwsError } from '../../../local-aws';
import { UsageError } from '../../../local-aws/arguments';
import { scenarioOptions } from '../../../local-aws/scenarios';
import { InProcessRunner } from '../../e2e/in-process-runner';
import { LocalApps } from '../../e2e/local-apps';
import { quickStart, QUICK_START_STACK as STACK } from '../../harness/quick-start';

const own = { ...process.env };
let apps: LocalApps;
let io: Io & { readonly lines: string[]; readonly told: string[] };

async function open(options: Parameters<typeof LocalApps.open>[0] = {}): Promise<void> {
  apps = await LocalApps.open({ byHand: true, lambdaRunner: new InProcessRunner(), ...options });
  // Clients find the local AWS as they do in a rehearsal.
  Object.assign(process.env, apps.aws.environment());
}

beforeEach(() => {
  const [lines, told]: string[][] = [[], []];
  io = { lines, told, out: (text) => lines.push(...text.split('\n')), err: (text) => told.push(text), isTerminal: false, hasColors: false, columns: 100 };
});

async function close(): Promise<void> {
  process.env = { ...own };
  await apps.close();
}

/** A terminal that keeps each picture. */
class Pictures implements Screen {
  public readonly columns = 100;
  public readonly rows = 40;
  public readonly all: string[][] = [];
  public isDone = false;
  public draw(lines: readonly string[]): void { this.all.push([...lines]); }
  public clear(): void { this.all.push([]); }
  public onResize(): () => void { return () => {}; }
  public done(): void { this.isDone = true; }
}

/** Virtual time passes while the view waits, and what a test does then. */
function surroundings(given: Partial<Surroundings> = {}, meanwhile: (pauses: number) => unknown = () => {}): Surroundings {
  let pauses = 0;
  return {
    clock: {
      now: () => apps.aws.world.clock.now(),
      sleep: async () => {
        await meanwhile(++pauses);
        // The start in small steps: a job is PENDING for a minute.
        await apps.pass(pauses <= 8 ? 0.5 : 2);
        // A stack's function answers through a connection, in turns of this process that are no virtual time.
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    },
    screen: () => undefined,
    onInterrupt: () => () => {},
    ...given,
  };
}

const deploy = () => apps.bring(quickStart, STACK);

/** A stack without a job. */
function bare(app: App, name: string): void {
  new CfnResource(new Stack(app, name), 'Value', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: '50' } });
}

describe('a deploy', () => {
  afterEach(close);

  test('a deploy that runs is watched from its job\'s start to its end, and the ranked table is last', async () => {
    await open();
    const done = deploy();
    expect(await watch([STACK], io, surroundings())).toBe(0);
    expect(await done).toBe('CREATE_COMPLETE');
    const at = (text: string | RegExp) => io.lines.findIndex((line) => (typeof text === 'string' ? line.includes(text) : text.test(line)));
    const order = [
      `${STACK}: CREATE_IN_PROGRESS`, /Job\w+: no job has started yet/, /Job\w+: PENDING \(job \w+-\w+, instance recommendation, at most 45 min\)/, /Job\w+: IN_PROGRESS after/,
      /benchmark 1 of 4, ml.\S+ × 1.*: IN_PROGRESS after/, /benchmark 1 of 4, .*: COMPLETED after .*USD an hour/, /Job\w+: COMPLETED after 45 min/, /^verdict +endpoint/, /^chosen /,
    ].map(at);
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    // eslint-disable-next-line no-control-regex
    expect(io.lines.join('\n')).not.toMatch(/\u001b/);
  });

  test('in a terminal each picture has the benchmarks as they are, and the last one goes for the table', async () => {
    await open();
    const screen = new Pictures();
    void deploy();
    expect(await watch([STACK], { ...io, isTerminal: true }, surroundings({ screen: () => screen }))).toBe(0);
    const pictures = screen.all.map((lines) => lines.join('\n'));
    for (const seen of [/Job\w+: PENDING, .* 0 of 4 benchmarks done/, /IN_PROGRESS ml/, /COMPLETED +ml.*\n +IN_PROGRESS ml/, /4 of 4 benchmarks done/]) {
      expect(pictures).toContainEqual(expect.stringMatching(seen));
    }
    expect([pictures.at(-1), screen.isDone]).toEqual(['', true]);
    expect(io.lines).toContainEqual(expect.stringMatching(/^chosen /));
  });

  test('a job that fails while its stack rolls back stays in view, with reasons and log streams, and the exit code is 1', async () => {
    await open(scenarioOptions({ names: ['out-of-memory'] }));
    const done = deploy();
    expect(await watch([STACK], io, surroundings())).toBe(1);
    expect(await done).toBe('ROLLBACK_COMPLETE');
    const [{ request: { JobName } }] = [...apps.region().sagemaker.state.jobs.values()];
    expect(io.lines).toContainEqual(expect.stringMatching(new RegExp(`: FAILED after .* health check.*, log /aws/sagemaker/InferenceRecommendationsJobs ${JobName}/Endpoint/sm-epc-`)));
    expect(io.lines).toContainEqual(expect.stringMatching(/Job\w+: FAILED after/));
    // The table at the end.
    expect(io.lines).toContainEqual(expect.stringMatching(/^FAILED +ml\./));
  });

  test('lines of JSON say the same, and the last one has the choice', async () => {
    await open();
    void deploy();
    expect(await watch([STACK, '--json'], io, surroundings())).toBe(0);
    const records = io.lines.map((line) => JSON.parse(line));
    expect(records).toContainEqual(expect.objectContaining({ change: 'job', status: 'PENDING', type: 'Default', mostMinutes: 45 }));
    expect(records).toContainEqual(expect.objectContaining({ change: 'benchmark', status: 'COMPLETED', figures: expect.objectContaining({ CostPerHour: expect.any(Number) }) }));
    const { change, exitCode, jobs } = records.at(-1);
    expect([change, exitCode, jobs[0].choices[0].recommendations[0].verdict]).toEqual(['end', 0, 'chosen']);
  });
});

describe('a world with a stack', () => {
  let name: string;
  let request: any;
  beforeAll(async () => {
    await open();
    await apps.passUntil(deploy());
    [{ request }] = apps.region().sagemaker.state.jobs.values();
    name = request.JobName;
  });
  afterAll(close);

  const start = (JobName: string) => apps.sagemaker('CreateInferenceRecommendationsJob', { ...request, JobName });

  test('a stack at rest and a job at its end are shown at once', async () => {
    for (const word of [STACK, name]) { expect(await watch([word], io, surroundings({}, () => { throw new Error('It waits.'); }))).toBe(0); }
    expect(io.lines.filter((line) => line.startsWith('chosen '))).toHaveLength(2);
  });

  test('a stack without a job ends with 1, and its last line of JSON says so', async () => {
    expect(await apps.passUntil(apps.bring((app) => bare(app, 'Bare'), 'Bare'))).toBe('CREATE_COMPLETE');
    expect(await watch(['Bare', '--json'], io, surroundings())).toBe(1);
    expect(JSON.parse(io.lines.at(-1)!)).toMatchObject({ change: 'end', exitCode: 1, jobs: [] });
    expect(await watch(['Bare'], io, surroundings())).toBe(1);
    expect(io.told).toEqual(['Stack Bare has no recommendation and no benchmark']);
  });

  test('a name of nothing is one sentence', async () => {
    await expect(watch(['Nothing'], io, surroundings())).rejects.toThrow(/^Nothing is neither a stack nor a recommendation job, a benchmark job or a model in us-east-1/);
  });

  test('another attempt after a failed one is followed', async () => {
    apps.region().sagemaker.state.jobs.get(name)!.status = 'FAILED';
    await start(`${name}-a2`);
    expect(await watch([STACK], io, surroundings())).toBe(0);
    expect(io.lines).toContainEqual(expect.stringMatching(new RegExp(`Job\\w+: PENDING \\(job ${name}-a2, `)));
    expect(io.lines).toContainEqual(expect.stringMatching(/Job\w+: COMPLETED after 45 min/));
  });

  test('Ctrl-C ends the view, says that the job goes on, and stops nothing', async () => {
    await start('left');
    let press = () => {};
    const pressed = surroundings({ onInterrupt: (hear) => { press = hear; return () => {}; } }, (pauses) => { if (pauses === 3) { press(); } });
    expect(await watch(['left'], io, pressed)).toBe(130);
    expect(io.told).toEqual(['Job left goes on and is billed until the end. To look again: inference-recommender watch left']);
    expect(apps.region().sagemaker.state.jobs.get('left')!.status).toBe('IN_PROGRESS');
  });

  test('a busy service is asked again, ever more seldom, and a denied call ends the view with a sentence', async () => {
    await start('busy');
    let fault: string | undefined;
    const { trip } = apps.aws.world;
    // The SDK itself sends no such call again.
    apps.aws.world.trip = (call) => {
      if (fault && call.operation === 'DescribeInferenceRecommendationsJob') { throw new AwsError(fault, 'It does not.'); }
      trip.call(apps.aws.world, call);
    };
    const pauses: number[] = [];
    const base = surroundings();
    const clock = { ...base.clock, sleep: async (ms: number, signal: AbortSignal) => { pauses.push(ms); fault = pauses.length < 3 ? 'TooManyUpdates' : undefined; await base.clock.sleep(ms, signal); } };
    expect(await watch(['busy'], io, { ...base, clock })).toBe(0);
    expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 1000]);
    expect(io.told).toEqual([2, 4].map((seconds) => `AWS gets too many calls: the next look is in ${seconds} s`));
    fault = 'AccessDeniedException';
    await expect(watch(['busy'], io, base)).rejects.toThrow(/AWS denies a call/);
    apps.aws.world.trip = trip;
  });

  test('a line comes every five minutes while nothing changes', async () => {
    await start('long');
    expect(await watch(['long'], io, surroundings())).toBe(0);
    expect(io.lines.filter((line) => line.includes(': still IN_PROGRESS, ')).length).toBeGreaterThan(1);
    const times = io.lines.flatMap((line) => (/(?:after|IN_PROGRESS,) (\d+) min/.exec(line)?.[1] ?? []).toString()).filter(Boolean).map(Number);
    times.slice(1).forEach((time, index) => expect(time - times[index]).toBeLessThanOrEqual(7));
  });
});

describe('a command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watch-command-'));
  afterEach(close);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A command that ends with a code, once there is a file. */
  const script = (file: string, code: number) => [process.execPath, '-e', `console.log('begins'); setInterval(() => { if (require('fs').existsSync(${JSON.stringify(file)})) { process.exit(${code}); } }, 20)`];

  test('shows the stacks that its deploy brings, not those that moved before, and ends with the command\'s code', async () => {
    await open();
    const file = join(folder, 'deployed');
    let done: Promise<string> | undefined;
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const around = surroundings({}, async (pauses) => {
        if (pauses === 2) { void (done = deploy()).then(() => writeFileSync(file, '')); }
      });
      expect(await watch(['--', ...script(file, 7)], io, around)).toBe(7);
      expect(written.mock.calls.map(([text]) => text)).toEqual(['begins\n']);
    } finally {
      written.mockRestore();
    }
    expect(await done).toBe('CREATE_COMPLETE');
    expect(io.lines).toEqual([]);
    for (const seen of [/^Rehearsal: CREATE_IN_PROGRESS$/, /Job\w+: PENDING/, /benchmark 1 of 4.*COMPLETED/, /^Rehearsal: CREATE_COMPLETE$/, /\nchosen /]) {
      expect(io.told).toContainEqual(expect.stringMatching(seen));
    }
  });

  test('that ends before a job does says how to look at the job\'s stack again, whichever stacks moved before it', async () => {
    await open();
    const file = join(folder, 'left');
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const deploys: Array<Promise<string>> = [];
    try {
      const around = surroundings({}, (pauses) => {
        const [first, second] = apps.region().sagemaker.state.jobs.values();
        if (pauses === 2) { deploys.push(apps.bring((app) => quickStart(app, 'Earlier'), 'Earlier')); }
        if (first?.status === 'COMPLETED' && deploys.length === 1) { deploys.push(deploy()); }
        if (second?.status === 'IN_PROGRESS') { writeFileSync(file, ''); }
      });
      expect(await watch(['--', ...script(file, 0)], io, around)).toBe(0);
    } finally {
      written.mockRestore();
    }
    expect(io.told).toContainEqual(expect.stringMatching(/^Job\w+: COMPLETED after 45 min/));
    expect(io.told.at(-1)).toMatch(/^Job \S+ goes on and is billed until the end\. To look again: inference-recommender watch Rehearsal$/);
    expect(await apps.passUntil(Promise.all(deploys))).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
  });

  test('runs also where AWS lets nobody look, which is said once', async () => {
    await open();
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
    expect(await watch(['--', process.execPath, '-e', 'process.exit(3)'], io, surroundings())).toBe(3);
    expect(io.told).toEqual([expect.stringMatching(/^watch shows nothing: AWS does not take the credentials: /)]);
  });
});

describe('a command line', () => {
  test.each<[string, string[], string]>([
    ['without a word', [], 'The name of a stack or of a job is missing: '],
    ['with two', ['A', 'B'], 'B is one word too many: '],
    ['with a word and a command', ['A', '--', 'true'], 'watch takes a stack, a job or a command, and got both A and a command: '],
    ['without the command', ['--'], 'The command after the -- is missing: '],
    ['with an interval that is none', ['A', '--interval', '20'], '--interval 20 must be from 1s to 60m, such as 20s or 2m'],
    ['with an interval of nothing', ['A', '--interval', '0s'], '--interval 0s must be '],
  ])('%s is refused', async (_what, args, message) => {
    const refused = await watch(args, io, surroundings()).catch((error) => error);
    expect([refused instanceof UsageError, refused.message]).toEqual([true, expect.stringContaining(message)]);
  });

  test('--policy prints what the verb calls', async () => {
    expect(await watch(['--policy'], io, surroundings())).toBe(0);
    expect(JSON.parse(io.lines.join('')).Statement[0].Action).toContain('cloudformation:ListStacks');
  });
});
