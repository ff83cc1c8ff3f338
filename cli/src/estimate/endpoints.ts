import { Template } from './assembly';
import { FoundRecommendation, Recommendations } from './recommendation-range';
import { Meaning, Values } from './values';
import { SCALING_RESOURCE_TYPE } from '../../../src/contract/scaling';
import { HOURS_PER_MONTH, Prices } from '../../../src/service/prices';

/** What a variant of an endpoint costs a month. */
export interface VariantCost {
  readonly name: string;
  /** The instance types that it may have. */
  readonly types: readonly string[];
  /** Instances. The most is `undefined` if only the deploy or the load can say it. */
  readonly instances: { readonly least: number; readonly most?: number };
  /** US dollars a month at the least. */
  readonly least: number;
  /** US dollars a month at the most. `undefined` if it is not known. */
  readonly most?: number;
  /** What the figures rest on, or why there are none. */
  readonly notes: readonly string[];
}

export interface EndpointCost {
  readonly template: Template;
  readonly id: string;
  /** What people call it: the construct's path. */
  readonly name: string;
  readonly variants: readonly VariantCost[];
}

interface Count { readonly least: number; readonly most?: number }

const SECONDS_PER_HOUR = 3600;

/** The endpoints of a template, with what each variant costs a month. An endpoint's configuration alone costs nothing. */
export class Endpoints {
  constructor(private readonly templates: readonly Template[], private readonly recommendations: Recommendations, private readonly values: Values) {}

  public of(template: Template, prices: Prices): EndpointCost[] {
    return this.values.resourcesOf(template).filter(([, { Type }]) => Type === 'AWS::SageMaker::Endpoint').map(([id, { Properties, path: name = id }]) => {
      const config = this.values.meaning(Properties.EndpointConfigName, template);
      if (!config || !('resource' in config) || config.resource.Type !== 'AWS::SageMaker::EndpointConfig') {
        return { template, id, name, variants: [unknown('', 'its configuration is not of this app')] };
      }
      const { ProductionVariants: variants = [], ShadowProductionVariants: shadows = [] } = config.resource.Properties;
      const all = [variants, shadows].map((list) => (Array.isArray(list) ? list : [undefined])).flat();
      const scaled = (variant: string) => this.scaling(template, id, variant);
      return { template, id, name, variants: all.map((variant) => this.variant(variant, config.template, prices, scaled)) };
    });
  }

  private variant(variant: any, template: Template, prices: Prices, scaling: (name: string) => Partial<Count> | undefined): VariantCost {
    if (typeof variant !== 'object' || variant === null) { return unknown('', 'only the deploy knows its variants'); }
    const name = this.values.text(variant.VariantName, template) ?? '';
    if (variant.ServerlessConfig !== undefined) { return this.serverless(name, variant.ServerlessConfig, template, prices); }
    const pools = Array.isArray(variant.InstancePools) ? variant.InstancePools.map(({ InstanceType }: any) => InstanceType) : [variant.InstanceType];
    const meanings: Meaning[] = pools.map((type: unknown) => this.values.meaning(type, template));
    const found = meanings.map((meaning) => this.recommendations.readBy(meaning, 'InstanceType'));
    const bounds = scaling(name) ?? this.managed(variant, template);
    const given = this.values.number(variant.InitialInstanceCount, template);
    const [recommended] = found.filter((one) => one !== undefined);
    if (recommended) { return this.recommended(name, recommended, given, bounds, prices); }
    const types = meanings.map((meaning) => (meaning && 'literal' in meaning && typeof meaning.literal === 'string' ? meaning.literal : undefined));
    if (types.includes(undefined)) { return unknown(name, 'only the deploy knows its instance type'); }
    const start: Count = given === undefined ? { least: 1 } : { least: given, most: given };
    return costOf(name, types as string[], countOf(start, bounds), prices, []);
  }

  private recommended(
    name: string, found: FoundRecommendation, given: number | undefined, bounds: Partial<Count> | undefined, prices: Prices,
  ): VariantCost {
    const range = this.recommendations.rangeOf(found, prices);
    if (range.isAlwaysServerless) { return unknown(name, 'the job chooses a serverless endpoint, which costs by use'); }
    const { fallback, limitUsd } = range;
    const count = countOf(given === undefined ? range.instances : { least: given, most: given }, bounds);
    const notes = [`recommended: ${range.isListed ? 'one of the types that the job tries' : 'a type of the service\'s choice'}`];
    const cost = costOf(name, range.types, count, prices, notes);
    const own = fallback && costOf(name, [fallback.type], countOf({ least: fallback.instances, most: fallback.instances }, bounds), prices, []);
    // The limit holds for the fleet that the recommendation deploys, and not for what scaling adds.
    const limited = bounds === undefined && limitUsd !== undefined ? Math.min(limitUsd, cost.most ?? Infinity) : cost.most;
    const isOpen = range.mayBeServerless || limited === undefined || (own !== undefined && own.most === undefined);
    return {
      ...cost,
      types: [...new Set([...range.types, ...own?.types ?? []])],
      least: range.mayBeServerless ? 0 : Math.min(cost.least, own?.least ?? Infinity),
      most: isOpen ? undefined : Math.max(limited!, own?.most ?? 0),
      notes: [
        ...cost.notes, ...own?.notes ?? [],
        ...fallback ? [`or the fallback ${fallback.type}`] : [],
        ...range.mayBeServerless ? ['or serverless, by use'] : [],
      ],
    };
  }

  /** By use: nothing at the least, and at the most the whole concurrency all the time. */
  private serverless(name: string, config: any, template: Template, prices: Prices): VariantCost {
    const [memory, concurrency] = [config.MemorySizeInMB, config.MaxConcurrency].map((value) => this.values.number(value, template));
    const { serverlessGbSecond: price } = prices;
    if (memory === undefined || concurrency === undefined) { return unknown(name, 'serverless, by use: only the deploy knows its size'); }
    if (price === undefined) { return unknown(name, `serverless, by use: no price of a GB-second in ${prices.region}`); }
    if (config.ProvisionedConcurrency !== undefined) { return unknown(name, 'serverless with provisioned concurrency, which has no price here'); }
    return {
      name,
      types: [],
      instances: { least: 0, most: 0 },
      least: 0,
      most: memory / 1024 * concurrency * price * SECONDS_PER_HOUR * HOURS_PER_MONTH,
      notes: ['serverless, by use: the most is its whole concurrency all the time'],
    };
  }

  /** The bounds of the endpoint's own scaling. */
  private managed({ ManagedInstanceScaling: scaling }: any, template: Template): Partial<Count> | undefined {
    if (this.values.text(scaling?.Status, template) !== 'ENABLED') { return undefined; }
    return { least: this.values.number(scaling.MinInstanceCount, template), most: this.values.number(scaling.MaxInstanceCount, template) };
  }

  /** The bounds of auto scaling, by this library or natively. `undefined` if the variant is not scaled. */
  private scaling(endpoint: Template, id: string, variant: string): Partial<Count> | undefined {
    for (const template of this.templates) {
      for (const [, { Type, Properties }] of this.values.resourcesOf(template)) {
        const isOwn = Type === SCALING_RESOURCE_TYPE && this.isEndpoint(Properties.EndpointName, template, endpoint, id)
          && (!Array.isArray(Properties.VariantNames) || Properties.VariantNames.includes(variant));
        const isNative = Type === 'AWS::ApplicationAutoScaling::ScalableTarget'
          && this.isTarget(Properties.ResourceId, template, endpoint, id, variant);
        if (!isOwn && !isNative) { continue; }
        return { least: this.values.number(Properties.MinCapacity, template), most: this.values.number(Properties.MaxCapacity, template) };
      }
    }
    return undefined;
  }

  private isEndpoint(value: unknown, template: Template, endpoint: Template, id: string): boolean {
    const meaning = this.values.meaning(value, template);
    const name = this.values.text(endpoint.resources[id].Properties.EndpointName, endpoint);
    if (meaning && 'resource' in meaning) { return meaning.template === endpoint && meaning.id === id && meaning.attribute === 'EndpointName'; }
    return name !== undefined && meaning !== undefined && 'literal' in meaning && meaning.literal === name;
  }

  /** `endpoint/NAME/variant/NAME`, joined or as one text. */
  private isTarget(resourceId: any, template: Template, endpoint: Template, id: string, variant: string): boolean {
    const parts = resourceId?.['Fn::Join']?.[1];
    const whole = this.values.text(resourceId, template);
    const name = this.values.text(endpoint.resources[id].Properties.EndpointName, endpoint);
    if (whole !== undefined) { return name !== undefined && whole === `endpoint/${name}/variant/${variant}`; }
    return Array.isArray(parts) && parts[0] === 'endpoint/' && parts.at(-1) === `/variant/${variant}` && this.isEndpoint(parts[1], template, endpoint, id);
  }
}

/** Scaling replaces the count that a variant starts with. */
function countOf(start: Count, bounds: Partial<Count> | undefined): Count {
  return bounds ? { least: bounds.least ?? Math.min(start.least, 1), most: bounds.most } : start;
}

function costOf(name: string, types: readonly string[], instances: Count, prices: Prices, notes: readonly string[]): VariantCost {
  const hourly = types.map(prices.hourly);
  const unpriced = types.filter((_, index) => hourly[index] === undefined);
  const known = hourly.filter((usd) => usd !== undefined);
  const whole = unpriced.length === 0 && known.length > 0;
  const most = whole && instances.most !== undefined ? Math.max(...known) * instances.most * HOURS_PER_MONTH : undefined;
  return {
    name,
    types,
    instances,
    least: whole ? Math.min(...known) * instances.least * HOURS_PER_MONTH : 0,
    ...most !== undefined && { most },
    notes: [
      ...notes,
      ...unpriced.length > 0 ? [`no price for ${unpriced.join(', ')} in ${prices.region}`] : [],
      ...types.length === 0 ? ['no type that has a price keeps the limits'] : [],
      ...instances.most === undefined ? ['only the deploy knows its most instances'] : [],
    ],
  };
}

function unknown(name: string, note: string): VariantCost {
  return { name, types: [], instances: { least: 0 }, least: 0, notes: [note] };
}
