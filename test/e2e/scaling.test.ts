import { ChildProcess, fork } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { sharedAccount } from './account';
import type { OwnEndpoint, ScalingOptions } from './apps/scaling';
import { InProcessRunner } from './in-process-runner';
import { Life } from './life';
import { publish } from '../harness/assembly';

const account = sharedAccount({ lambdaRunner: new InProcessRunner() });
const folder = mkdtempSync(join(tmpdir(), 'scaling-'));
let app: ChildProcess;
beforeAll(() => {
  const { PATH = '', HOME = '' } = process.env;
  app = fork(join(__dirname, 'apps', 'scaling.ts'), { env: { PATH, HOME }, execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href] });
});
afterAll(() => {
  app.kill();
  rmSync(folder, { recursive: true });
});

let assemblies = 0;

function synth(name: string, options: ScalingOptions): Promise<string> {
  const outdir = join(folder, `${++assemblies}`);
  return new Promise((resolve, reject) => {
    const listen = (message: { outdir: string; error?: string }) => {
      if (message.outdir !== outdir) { return; }
      app.off('message', listen);
      if (message.error === undefined) { resolve(outdir); } else { reject(new Error(message.error)); }
    };
    app.on('message', listen);
    app.send({ outdir, name, options });
  });
}

/** A stack of endpoints that scale. */
class Scaled {
  public static async made(name: string, options: ScalingOptions, more: object = {}): Promise<Scaled> {
    const stack = new Scaled(name, (await account()).stack(name));
    expect(await stack.bring(options, more)).toBe('CREATE_COMPLETE');
    return stack;
  }

  private constructor(private readonly name: string, private readonly life: Life) {}

  public async bring(options: ScalingOptions, more: object = {}): Promise<string> {
    const TemplateBody = publish(await synth(this.name, options), this.name, this.life.region);
    const exists = this.life.region.cloudformation.find(this.name) !== undefined;
    return this.life.operate(exists ? 'UpdateStack' : 'CreateStack', { TemplateBody, Capabilities: ['CAPABILITY_IAM'], ...more });
  }

  public async remove(): Promise<void> {
    expect(await this.life.remove()).toBe('DELETE_COMPLETE');
    expect([this.registered, this.records]).toEqual([{}, []]);
  }

  /** Instance types that serve now, by resource id. */
  public get served(): Record<string, string> {
    return Object.fromEntries(this.endpoints.flatMap(({ name, served }) => served!.map(({ VariantName, InstanceType }) => [`${name}/${VariantName}`, InstanceType])));
  }

  /** Capacity and target of each registered variant. */
  public get registered(): Record<string, { min: number; max: number; targets: number[] }> {
    const { targets, policies } = this.life.region.applicationAutoScaling;
    const own = [...targets.values()].filter(({ endpointName }) => endpointName !== undefined && this.owns(endpointName));
    return Object.fromEntries(own.map(({ endpointName, variantName, min, max }) => {
      const put = [...policies.values()].filter(({ input }) => input.ResourceId === `endpoint/${endpointName}/variant/${variantName}`);
      return [`${endpointName}/${variantName}`, { min, max, targets: put.map(({ input }) => input.TargetTrackingScalingPolicyConfiguration.TargetValue) }];
    }));
  }

  /** What the scaling function has written down. */
  public get records(): string[] {
    const prefix = this.life.record.id.split('/')[2].split('-')[0];
    return [...this.life.region.ssm.parameters.keys()].filter((parameter) => parameter.startsWith(`/cdk-sagemaker-inference-recommender/${prefix}/`));
  }

  /** How many instances each variant will have. */
  public get desired(): number[] {
    return this.endpoints.flatMap(({ variants = [] }) => variants.map(({ DesiredInstanceCount }) => DesiredInstanceCount));
  }

  public get outputs(): Record<string, string> {
    return this.life.outputs;
  }

  public get reasons(): string {
    return this.life.reasons;
  }

  /** The next update of one of the stack's endpoints finds the model gone, as far as it has come by then. */
  public async failsNextUpdate(): Promise<void> {
    const { aws: { world } } = await account();
    const { state } = this.life.region.sagemaker;
    const forget = world.watch(({ operation, request }) => {
      const { EndpointName, EndpointConfigName } = request as Record<string, string>;
      if (operation !== 'UpdateEndpoint' || !this.owns(EndpointName)) { return; }
      forget();
      state.models.delete(state.endpointConfigs.get(EndpointConfigName)!.input.ProductionVariants[0].ModelName);
    });
  }

  private get endpoints() {
    return [...this.life.region.sagemaker.state.endpoints.values()].filter(({ name }) => this.owns(name));
  }

  private owns(endpointName: string): boolean {
    return endpointName.toLowerCase().startsWith(this.name.toLowerCase());
  }
}

const CHEAPEST = { recommended: { objective: 'cost' } } as const;
const FASTEST = { recommended: { objective: 'latency' } } as const;
const OWN = { variants: { main: 'ml.c5.xlarge' }, scales: { minCapacity: 1, maxCapacity: 4, invocations: 100 } };
const LARGER = { variants: { main: 'ml.c5.2xlarge' }, scales: { minCapacity: 1, maxCapacity: 2, invocations: 300 } };
const one = (Endpoint: OwnEndpoint): ScalingOptions => ({ endpoints: { Endpoint } });
/** Of the only variant. */
const only = <T>(found: Record<string, T>): T => {
  expect(Object.keys(found)).toHaveLength(1);
  return Object.values(found)[0];
};

test.concurrent('a winner that changes rolls over, and is registered with its own figures; the end leaves nothing', async () => {
  const stack = await Scaled.made('Winner', CHEAPEST);
  // The local AWS recommends half of what an instance takes.
  expect(only(stack.registered)).toEqual({ min: 1, max: 2, targets: [21286 / 2] });
  expect(only(stack.served)).toBe('ml.c5.xlarge');
  const [record] = stack.records;
  expect(await stack.bring(FASTEST)).toBe('UPDATE_COMPLETE');
  expect(only(stack.registered)).toEqual({ min: 1, max: 2, targets: [33456 / 2] });
  expect(only(stack.served)).toBe('ml.c5.9xlarge');
  expect([stack.outputs.TargetValue, stack.records]).toEqual(['16728', [record]]);
  await stack.remove();
});

test.concurrent('a roll-over whose endpoint fails goes back to the old type and its figures, and can be tried again', async () => {
  const stack = await Scaled.made('EndpointFails', CHEAPEST);
  await stack.failsNextUpdate();
  expect(await stack.bring(FASTEST)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.reasons).toContain('did not stabilize');
  expect(only(stack.registered)).toEqual({ min: 1, max: 2, targets: [21286 / 2] });
  expect(only(stack.served)).toBe('ml.c5.xlarge');
  expect(await stack.bring(FASTEST)).toBe('UPDATE_COMPLETE');
  expect(only(stack.registered)).toMatchObject({ targets: [33456 / 2] });
  await stack.remove();
});

test.concurrent('a roll-over whose later sibling fails goes back, though the endpoint is adding instances by then', async () => {
  const stack = await Scaled.made('SiblingFails', { recommended: { objective: 'cost', minCapacity: 2 } });
  expect(await stack.bring({ recommended: { objective: 'latency', minCapacity: 2 }, siblingFails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.reasons).toContain('The sibling fails');
  expect(only(stack.registered)).toEqual({ min: 2, max: 2, targets: [21286 / 2] });
  expect(only(stack.served)).toBe('ml.c5.xlarge');
  await stack.remove();
});

test.concurrent('figures of the user\'s alone need no job, and follow the template with the type and without', async () => {
  const stack = await Scaled.made('Own', one(OWN));
  expect(only(stack.registered)).toEqual({ min: 1, max: 4, targets: [100] });
  expect(await stack.bring(one({ ...OWN, scales: { ...OWN.scales, maxCapacity: 9 } }))).toBe('UPDATE_COMPLETE');
  expect(only(stack.registered)).toEqual({ min: 1, max: 9, targets: [100] });
  expect(await stack.bring(one(LARGER))).toBe('UPDATE_COMPLETE');
  expect(only(stack.registered)).toEqual({ min: 1, max: 2, targets: [300] });
  expect(only(stack.served)).toBe('ml.c5.2xlarge');
  await stack.remove();
});

test.concurrent('variants that come and go are registered and deregistered, after a rollback too', async () => {
  const stack = await Scaled.made('Variants', one({ ...OWN, variants: { a: 'ml.c5.xlarge', b: 'ml.c5.xlarge' } }));
  const next = one({ ...OWN, variants: { b: 'ml.c5.2xlarge', c: 'ml.c5.xlarge' } });
  const names = () => Object.keys(stack.registered).map((id) => id.split('/')[1]).sort();
  expect(await stack.bring({ ...next, siblingFails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(names()).toEqual(['a', 'b']);
  expect(await stack.bring(next)).toBe('UPDATE_COMPLETE');
  expect(names()).toEqual(['b', 'c']);
  await stack.remove();
});

test.concurrent('of two endpoints that scale, one ends its scaling and the other goes on', async () => {
  const stack = await Scaled.made('Two', { endpoints: { One: OWN, Other: LARGER } });
  expect(Object.keys(stack.registered)).toHaveLength(2);
  expect(await stack.bring({ endpoints: { One: { variants: OWN.variants }, Other: LARGER } })).toBe('UPDATE_COMPLETE');
  expect(only(stack.registered)).toEqual({ min: 1, max: 2, targets: [300] });
  expect(stack.records).toHaveLength(1);
  // What is no longer registered may change its type.
  expect(await stack.bring({ endpoints: { One: { variants: LARGER.variants }, Other: LARGER } })).toBe('UPDATE_COMPLETE');
  await stack.remove();
});

test.concurrent('the last endpoint that scales takes the function with it', async () => {
  const stack = await Scaled.made('Last', one(OWN));
  expect(await stack.bring(one({ variants: OWN.variants }))).toBe('UPDATE_COMPLETE');
  expect([stack.registered, stack.records]).toEqual([{}, []]);
  await stack.remove();
});

test.concurrent('an endpoint that gets another name is registered under it, and under the old one after a rollback', async () => {
  const stack = await Scaled.made('Renamed', one({ ...OWN, endpointName: 'renamed-1' }));
  const renamed = one({ ...LARGER, endpointName: 'renamed-2' });
  expect(await stack.bring({ ...renamed, siblingFails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.registered).toEqual({ 'renamed-1/main': { min: 1, max: 4, targets: [100] } });
  expect(await stack.bring(renamed)).toBe('UPDATE_COMPLETE');
  expect(stack.registered).toEqual({ 'renamed-2/main': { min: 1, max: 2, targets: [300] } });
  await stack.remove();
});

test.concurrent('in express mode, which does not wait for the endpoint, the scaling does: at the start, at a roll-over and when it goes back', async () => {
  const EXPRESS = { DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: false } };
  const two = { ...OWN, scales: { ...OWN.scales, minCapacity: 2 } };
  const stack = await Scaled.made('Express', one(two), EXPRESS);
  expect([only(stack.registered), stack.desired]).toEqual([{ min: 2, max: 4, targets: [100] }, [2]]);
  expect(await stack.bring({ ...one(LARGER), siblingFails: true }, EXPRESS)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([only(stack.registered), only(stack.served), stack.desired]).toEqual([{ min: 2, max: 4, targets: [100] }, 'ml.c5.xlarge', [2]]);
  expect(await stack.bring(one(LARGER), EXPRESS)).toBe('UPDATE_COMPLETE');
  expect([only(stack.registered), only(stack.served)]).toEqual([{ min: 1, max: 2, targets: [300] }, 'ml.c5.2xlarge']);
  await stack.remove();
});
