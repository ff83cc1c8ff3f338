import { shown } from '../src/service/figures';
import { BENCHMARKED, GENERATIVE, INSTANT, RecommendationKind } from '../src/service/recommendation-kinds';

/** A choice of any kind, for a reader. */
export interface Chosen {
  /** Such as `2 x ml.p5.48xlarge, 4 copies each, specification p5-cost`. */
  readonly chosen: string;
  readonly kind: 'benchmarked' | 'generative' | 'instant';
  /** By the names of the kind's metrics, each with its unit. What is not known is left out. */
  readonly figures?: Readonly<Record<string, string>>;
  readonly approval?: string;
}

/** What the choice stands on, as the world has it. */
export interface ChosenIn {
  /** ModelApprovalStatus of a package that is there. */
  readonly statusOf: (packageArn: string) => string | undefined;
  /** The types that the service recommends with a model, in its order. */
  readonly listOf: (modelName: string) => readonly string[];
}

/** Every answer has every attribute of its kind, so that the figures tell the kind. The last kind has none. */
const KINDS: ReadonlyArray<readonly [Chosen['kind'], RecommendationKind]> = [['generative', GENERATIVE], ['benchmarked', BENCHMARKED], ['instant', INSTANT]];

/** By the property `Approval`: who approves. */
const APPROVERS: Readonly<Record<string, string>> = { Required: 'by somebody else', Wait: 'by a person, while the deploy waits', ByStack: 'by this stack' };

/**
 * What a recommendation's resource answered, in words. The model's environment is not told, because it may have secrets.
 *
 * @param properties of the resource. `JobName` is the model's name if the recommendation is of no job
 */
export function chosenOf(attributes: Readonly<Record<string, any>>, properties: Readonly<Record<string, any>>, world: ChosenIn): Chosen {
  const { Approval, JobName } = properties;
  const [name, kind] = KINDS.find(([, { told }]) => told.every((metric) => metric in attributes))!;
  const known = kind.told.filter((metric) => ![undefined, ''].includes(attributes[metric]) && Number.isFinite(Number(attributes[metric])));
  const { CopyCountPerInstance: copies, InferenceSpecificationName: specification, Source: source, InstanceType } = attributes;
  const place = source === 'Instant' ? world.listOf(JobName).indexOf(InstanceType) + 1 : 0;
  const status = Approval === undefined ? undefined : world.statusOf(`${attributes.ModelPackageArn}`);
  return {
    chosen: [
      endpointOf(attributes),
      ...Number(copies) > 0 ? [`${copies} ${Number(copies) === 1 ? 'copy' : 'copies'} each`] : [],
      ...specification ? [`specification ${specification}`] : [],
      ...place > 0 ? [`number ${place} of the service's list`] : [],
      ...['Fallback', 'Fixed'].includes(source) ? [`(${source.toLowerCase()})`] : [],
    ].join(', ').replace(/, \(/g, ' ('),
    kind: name,
    ...known.length > 0 && { figures: Object.fromEntries(known.map((metric) => [metric, shown(kind, metric, Number(attributes[metric]))])) },
    ...status !== undefined && { approval: `${status} (${APPROVERS[Approval] ?? Approval})` },
  };
}

function endpointOf({ InstanceType, InstanceCount, ServerlessMemorySizeInMB, ServerlessMaxConcurrency }: Readonly<Record<string, any>>): string {
  return InstanceType ? `${InstanceCount || 1} x ${InstanceType}` : `serverless, ${ServerlessMemorySizeInMB} MB, concurrency ${ServerlessMaxConcurrency}`;
}
