import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join, relative } from 'path';
import { unzipSync } from 'fflate';
import { InvocationResult, LambdaFunction, LambdaRunner } from './runner';
import { Place, unrunnable } from './runtimes';
import { Sandbox } from './sandbox';
import { Logs } from '../logs';

/** Lines of a failed function's log. */
const SHOWN_LINES = 20;

interface Pool {
  readonly place: Place;
  readonly idle: Sandbox[];
  readonly all: Set<Sandbox>;
  retired: boolean;
}

/** Runs a function in its own process, of Node.js or Python, and keeps the process warm for the next event. It starts more processes while one is busy. */
export class ProcessRunner implements LambdaRunner {
  public readonly leadsAwsNames: boolean = true;
  private readonly pools = new Map<LambdaFunction, Pool>();
  private readonly limitMs: number;
  private root?: string;

  /**
   * @param options.realTimeoutMs How long, in real milliseconds, a handler may work without a sleep. The function's own timeout is virtual
   * time, and no virtual time passes while it works. @default 600000
   */
  constructor(options: { readonly realTimeoutMs?: number } = {}) {
    this.limitMs = options.realTimeoutMs ?? 600_000;
  }

  public async run(fn: LambdaFunction, payload: unknown, awsRequestId: string, callers = 0): Promise<InvocationResult> {
    const app = fn.region.world.options.app ?? process.cwd();
    const why = unrunnable(fn.runtime, app);
    if (why !== undefined) { return { error: { errorType: 'Runtime.NotHere', errorMessage: `The function ${fn.functionName} does not run: ${why}` } }; }
    let pool: Pool;
    try {
      pool = this.pool(fn);
    } catch (error) {
      return { error: { errorType: 'Runtime.InvalidZipFile', errorMessage: (error as Error).message } };
    }
    let sandbox = pool.idle.pop();
    // A process may have died since its last event.
    while (sandbox && !sandbox.alive) { sandbox = pool.idle.pop(); }
    sandbox ??= new Sandbox(fn, pool.place, app);
    pool.all.add(sandbox);
    const result = await sandbox.invoke(payload, awsRequestId, this.limitMs, callers);
    // A function that the local AWS stopped or deleted has not failed.
    if (result.error && !pool.retired) { show(fn, result.error); }
    if (sandbox.alive && !pool.retired) {
      pool.idle.push(sandbox);
    } else {
      sandbox.kill();
      pool.all.delete(sandbox);
    }
    return result;
  }

  public forget(fn: LambdaFunction): void {
    const pool = this.pools.get(fn);
    if (!pool) { return; }
    this.pools.delete(fn);
    pool.retired = true;
    pool.idle.forEach((sandbox) => sandbox.kill());
  }

  public close(): void {
    this.pools.forEach((pool) => {
      pool.retired = true;
      pool.all.forEach((sandbox) => sandbox.kill());
    });
    this.pools.clear();
    if (this.root) { rmSync(this.root, { recursive: true, force: true }); }
    this.root = undefined;
  }

  private pool(fn: LambdaFunction): Pool {
    let pool = this.pools.get(fn);
    if (!pool) {
      this.root ??= mkdtempSync(join(tmpdir(), 'local-aws-'));
      const [directory, opt] = ['', 'opt-'].map((kind) => mkdtempSync(join(this.root!, `${kind}${fn.functionName}-`)));
      const place = { directory: unzip(fn.zip, directory), ...fn.layers.length > 0 && { opt } };
      fn.layers.forEach((layer) => unzip(layer, opt));
      pool = { place, idle: [], all: new Set(), retired: false };
      this.pools.set(fn, pool);
    }
    return pool;
  }
}

/** Prints a failed function's last log lines for the user: the stack shows little of them, or nothing for an hour. */
function show({ functionName, logGroup, region }: LambdaFunction, { errorType, errorMessage }: NonNullable<InvocationResult['error']>): void {
  const lines = region.room(Logs).tail(logGroup, SHOWN_LINES).map((line) => `  ${line}`);
  console.error(region.world.shown([`The function ${functionName} failed: ${errorType}: ${errorMessage}`, ...lines].join('\n')));
}

function unzip(zip: Buffer, directory: string): string {
  for (const [name, data] of Object.entries(unzipSync(zip))) {
    const file = join(directory, name);
    if (relative(directory, file).startsWith('..')) { throw new Error(`The zip file has an entry outside of itself: ${name}`); }
    if (name.endsWith('/')) { continue; }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, data);
  }
  return directory;
}
