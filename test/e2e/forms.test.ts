import { readFileSync } from 'fs';
import { join } from 'path';
import { isDeepStrictEqual } from 'util';
import { FORMS, MODELS_BUCKET } from './apps/forms';
import { Form, PRODUCER, SHOP, shopOf } from './apps/shop';
import { InProcessRunner } from './in-process-runner';
import { LocalApps } from './local-apps';
import { Resource } from '../../local-aws/cloudformation';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';
import { SCALING_RESOURCE_TYPE } from '../../src/contract/scaling';
import { operate, publish } from '../harness/assembly';
import { ACCOUNT, REGION } from '../harness/place';
import { attributesIn } from '../harness/published';
import { redundantDependencies } from '../harness/redundant';

/** A walk through all ordered pairs of different forms, each once: it begins and ends at the first form. */
function everyPair(count: number): number[] {
  const walk = [0];
  for (let from = 0; from < count - 1; from++) {
    for (let to = from + 2; to < count; to++) { walk.push(to, from); }
    walk.push(from + 1);
  }
  for (let back = count - 2; back >= 0; back--) { walk.push(back); }
  return walk;
}

/** The shop on a local AWS of its own, beside a producer that stays as it is. */
class Shop {
  public static async open(): Promise<Shop> {
    const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() });
    await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    apps.aws.world.s3.createBucket(MODELS_BUCKET, ACCOUNT, REGION);
    apps.aws.world.s3.putObject(MODELS_BUCKET, 'chat/model.safetensors', Buffer.alloc(1000));
    return new Shop(apps);
  }

  private readonly assemblies = new Map<Form, string>();

  private constructor(private readonly apps: LocalApps) {}

  public produce(form: Form): Promise<string> {
    return this.operate(PRODUCER, this.synth(form));
  }

  /** Deploys a form, and gives the status with everything that failed on the way, the clean-up too. */
  public async bring(form: Form, fails = false): Promise<string> {
    const { events } = this.apps.region().cloudformation.find(SHOP) ?? { events: [] };
    const seen = events.length;
    const assembly = fails ? this.apps.synth(shopOf(form, { fails })) : this.synth(form);
    const status = await this.operate(SHOP, assembly).catch(({ message }) => (/^No updates/.test(message) ? 'the same template' : message));
    const failures = this.apps.stack(SHOP).events.slice(seen).filter((event) => event.status.endsWith('_FAILED'));
    return [status, ...failures.map(({ logicalId, reason }) => `${logicalId}: ${reason}`)].join('; ');
  }

  /** What the service has, compared with what the stacks say: an empty list if all is as it should be. */
  public faults(): string[] {
    const region = this.apps.region();
    const resources = [SHOP, PRODUCER].flatMap((name) => [...this.apps.stack(name).resources.values()]);
    const ids = resources.map(({ physicalId = '' }) => physicalId.split('/').pop()!.toLowerCase());
    const { models, endpointConfigs, endpoints, components } = region.sagemaker.state;
    const names = [models, endpointConfigs, endpoints, components].flatMap((all) => [...all.keys()]);
    const strays = names.filter((name) => !ids.includes(name.toLowerCase()));
    const serving = [...endpoints.values()].map(({ name, status, config }) => {
      const { ProductionVariants } = endpointConfigs.get(config)!.input;
      return status === 'InService' && ProductionVariants.every(({ ModelName }: any) => ModelName === undefined || models.has(ModelName)) ? [] : [`${name} is ${status}`];
    });
    const hosted = [...components.values()].map(({ name, status }) => (status === 'InService' ? [] : [`${name} is ${status}`]));
    return [
      ...strays.map((name) => `${name} is left behind`), ...serving.flat(), ...hosted.flat(), ...this.unscaled(resources), ...this.unwritten(resources),
    ];
  }

  private unscaled(resources: Resource[]): string[] {
    const { targets } = this.apps.region().applicationAutoScaling;
    const scalings = resources.filter(({ type }) => type === SCALING_RESOURCE_TYPE);
    const wanted = scalings.flatMap(({ properties: { EndpointName, VariantNames, MaxCapacity } }) => (
      VariantNames.map((name: string) => `endpoint/${EndpointName}/variant/${name} to ${MaxCapacity}`)));
    const native = resources.filter(({ type }) => type === 'AWS::ApplicationAutoScaling::ScalableTarget');
    wanted.push(...native.map(({ properties: { ResourceId, MaxCapacity } }) => `${ResourceId} to ${MaxCapacity}`));
    const found = [...targets].map(([id, { max }]) => `${id} to ${max}`);
    return isDeepStrictEqual(wanted, found) ? [] : [`scaled are ${found.join()} instead of ${wanted.join()}`];
  }

  private unwritten(resources: Resource[]): string[] {
    const written = resources.filter(({ type, properties }) => type === RECOMMENDATION_RESOURCE_TYPE && properties.ParameterPath);
    return written.flatMap(({ logicalId, properties: { ParameterPath } }) => {
      const { owner = '{}', ...parameters } = this.apps.parameters(ParameterPath);
      return attributesIn(parameters).InstanceType && JSON.parse(owner).LogicalResourceId === logicalId ? [] : [`${logicalId} is not written to ${ParameterPath}`];
    });
  }

  /** Deletes both stacks, and gives what is there still. */
  public async remove(): Promise<string[]> {
    const statuses = [await this.apps.remove(SHOP), await this.apps.remove(PRODUCER)];
    const { sagemaker: { state }, applicationAutoScaling, ssm, lambda, stepFunctions } = this.apps.region();
    return [
      ...statuses.filter((status) => status !== 'DELETE_COMPLETE'),
      ...[
        state.models, state.endpointConfigs, state.endpoints, applicationAutoScaling.targets, ssm.parameters, stepFunctions.machines,
        lambda.functions,
      ].flatMap((left) => [...left.keys() as Iterable<string>]).filter((name) => !name.startsWith('/cdk-bootstrap/')),
    ];
  }

  public close(): Promise<void> {
    return this.apps.close();
  }

  private synth(form: Form): string {
    if (!this.assemblies.has(form)) { this.assemblies.set(form, this.checked(this.apps.synth(shopOf(form)))); }
    return this.assemblies.get(form)!;
  }

  private checked(assembly: string): string {
    const templates = [SHOP, PRODUCER].map((name) => JSON.parse(readFileSync(join(assembly, `${name}.template.json`), 'utf8')));
    expect(templates.flatMap(redundantDependencies)).toEqual([]);
    return assembly;
  }

  private operate(name: string, assembly: string): Promise<string> {
    const region = this.apps.region();
    return operate(region, region.cloudformation.find(name) ? 'UpdateStack' : 'CreateStack', name, {
      TemplateBody: publish(assembly, name, region), Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    });
  }
}

let shop: Shop;
beforeEach(async () => { shop = await Shop.open(); });
afterEach(() => shop.close());

/** Everything that went wrong, in the words of a line for each pair. `PRINT_FORMS=1` prints the lines of all pairs. */
function table(construct: string, rows: ReadonlyArray<{ from: string; to: string; status: string; expected: RegExp; faults: string[] }>): string[] {
  const line = ({ from, to, status, faults }: typeof rows[number]) => [construct, from, to, [status, ...faults].join('; ')].join(' | ');
  if (process.env.PRINT_FORMS) { process.stdout.write(`${rows.map(line).join('\n')}\n`); }
  return rows.filter(({ status, expected, faults }) => !expected.test(status) || faults.length > 0).map(line);
}

test.each(Object.entries(FORMS))('%s: each form is deployed over each other one, both ways, and nothing is left in the end', async (construct, forms) => {
  const names = Object.keys(forms);
  expect([await shop.produce(forms[names[0]]), await shop.bring(forms[names[0]]), shop.faults()]).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE', []]);
  const rows = [];
  const [first, ...walk] = everyPair(names.length).map((at) => names[at]);
  let from = first;
  for (const to of walk) {
    rows.push({ from, to, status: await shop.bring(forms[to]), expected: /^(UPDATE_COMPLETE|the same template)$/, faults: shop.faults() });
    from = to;
  }
  expect(table(construct, rows)).toEqual([]);
  expect(new Set(rows.map((row) => `${row.from} | ${row.to}`)).size).toBe(names.length * (names.length - 1));
  expect(await shop.remove()).toEqual([]);
});

test.each([
  ['Model', ['of a package', 'of a Default job', 'of a load test that compiles nothing', 'of fixed figures of a model']],
  ['EndpointAutoScaling', Object.keys(FORMS.EndpointAutoScaling)],
])('%s: a form that fails to be deployed over another is rolled back to it', async (construct, names) => {
  const forms = FORMS[construct];
  expect(await shop.produce(forms[names[0]])).toBe('CREATE_COMPLETE');
  const rows = [];
  for (const from of names) {
    expect(await shop.bring(forms[from])).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    for (const to of names.filter((name) => name !== from)) {
      const before = shop.faults();
      rows.push({ from, to, status: await shop.bring(forms[to], true), expected: /^UPDATE_ROLLBACK_COMPLETE; Fails: /, faults: [...before, ...shop.faults()] });
    }
  }
  expect(table(`${construct}, failing`, rows)).toEqual([]);
  expect(await shop.remove()).toEqual([]);
});
