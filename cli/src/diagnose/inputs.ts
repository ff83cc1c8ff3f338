import { DescribeModelCommand, DescribeModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ListServiceQuotasCommand, ListServiceQuotasCommandOutput, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { ObjectFacts, PackageFacts, PlaceFacts, ReadTarget, Request } from './facts';
import { inferenceRecommendationsStarter } from '../../../lambda/jobs/inference-recommendations/family';
import type { JobPrefix } from '../../../lambda/jobs/preflight/objects';
import type { Quotas } from '../../../lambda/jobs/preflight/quotas';
import { AccountApi, GetObjectBeginning, LookBelow } from '../../../lambda/runtime/account';
import { isNotFound } from '../../../lambda/runtime/errors';
import type { JobArchive } from '../../../src/service/job-objects';
import type { TargetFacts as RuleFacts } from '../../../src/service/job-rules';
import type { ResourceView } from '../account/stack';
import type { Choice } from '../subject/choice';

interface Container {
  readonly Image?: string;
  readonly Framework?: string;
  readonly Environment?: Readonly<Record<string, string>>;
}

/**
 * The package or the model that a job benchmarks. One that went with its stack is as the stack's resources have it. `undefined` if the request names none.
 */
export async function readTarget(sagemaker: SageMakerClient, request: Request, resources: readonly ResourceView[]): Promise<ReadTarget | undefined> {
  const { ModelPackageVersionArn, ModelName } = request.InputConfig ?? {};
  const name = ModelPackageVersionArn ?? ModelName;
  if (typeof name !== 'string') { return undefined; }
  const isPackage = ModelPackageVersionArn !== undefined;
  try {
    const target = await inferenceRecommendationsStarter.target(sagemaker, request as never);
    const described: Described = isPackage
      ? await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: name }))
      : await sagemaker.send(new DescribeModelCommand({ ModelName: name }));
    return { target, ...factsOf(name, isPackage, described) };
  } catch (error) {
    if (!isNotFound(error)) { throw error; }
    const [type, same] = [`AWS::SageMaker::Model${isPackage ? 'Package' : ''}`, name.toLowerCase()];
    const made = resources.find((one) => one.type === type && one.physicalId?.toLowerCase() === same)?.properties as Described | undefined;
    if (!made) { return { facts: { name, exists: false, isPackage, images: [], contentTypes: [] }, secrets: [] }; }
    const read = factsOf(name, isPackage, made);
    return { target: { name, described: made, facts: targetFactsOf(made) }, ...read };
  }
}

/** The members that a described package or model, and its resource in a template, have in common. */
interface Described {
  readonly ModelApprovalStatus?: string;
  readonly Domain?: string;
  readonly Task?: string;
  readonly SamplePayloadUrl?: string;
  readonly InferenceSpecification?: {
    readonly Containers?: readonly Container[];
    readonly SupportedContentTypes?: readonly string[];
    readonly SupportedRealtimeInferenceInstanceTypes?: readonly string[];
  };
  readonly PrimaryContainer?: Container;
  readonly Containers?: readonly Container[];
}

function factsOf(name: string, isPackage: boolean, described: Described): Omit<ReadTarget, 'target'> {
  const { InferenceSpecification: specification = {}, PrimaryContainer: primary, Containers: more = [] } = described;
  const { Containers: packaged, SupportedContentTypes: contentTypes = [] } = specification;
  const containers = packaged ?? (primary ? [primary, ...more] : more);
  return {
    facts: {
      name,
      exists: true,
      isPackage,
      approval: described.ModelApprovalStatus,
      domain: described.Domain,
      task: described.Task,
      framework: containers[0]?.Framework,
      images: containers.flatMap(({ Image }) => Image ?? []),
      contentTypes,
    },
    secrets: containers.flatMap(({ Environment }) => Object.values(Environment ?? {})).map(String),
  };
}

/** For the needs of a job whose target is gone. */
function targetFactsOf({ Domain, Task, SamplePayloadUrl, InferenceSpecification: specification }: Described): RuleFacts {
  return {
    domain: Domain,
    task: Task,
    framework: specification?.Containers?.[0]?.Framework,
    samplePayload: SamplePayloadUrl !== undefined,
    supportedContentTypes: specification?.SupportedContentTypes,
    supportedInstanceTypes: specification?.SupportedRealtimeInferenceInstanceTypes,
  };
}

/** The beginning of an archive that a job reads, as the checks before a job read it. */
export async function readObject(objects: AccountApi, archive: JobArchive): Promise<ObjectFacts> {
  return { archive, looked: await objects.send(new GetObjectBeginning({ address: archive.address })) };
}

/** Whether there is any object at a place that a job reads or writes. */
export async function readPlace(objects: AccountApi, place: JobPrefix): Promise<PlaceFacts> {
  return { place, looked: await objects.send(new LookBelow({ address: place.address })) };
}

/** The packages that are to be deployed, with their approval. One that is gone has none. */
export async function readPackages(sagemaker: SageMakerClient, choices: readonly Choice[]): Promise<PackageFacts[]> {
  const chosen = choices.flatMap(({ name, pools }) => (name === undefined ? [] : pools?.chosen ?? []));
  const arns = [...new Set(chosen.flatMap(({ recommendation: { attributes } }) => (attributes.ModelPackageArn === undefined ? [] : [`${attributes.ModelPackageArn}`])))];
  return Promise.all(arns.map(async (arn) => {
    try {
      return { arn, status: (await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }))).ModelApprovalStatus };
    } catch (error) {
      if (!isNotFound(error)) { throw error; }
      return { arn };
    }
  }));
}

/** The applied quotas of SageMaker, by name. They do not show what is in use. */
export async function readQuotas(quotas: ServiceQuotasClient): Promise<Quotas> {
  const values: Record<string, number> = {};
  let NextToken: string | undefined;
  do {
    const page: ListServiceQuotasCommandOutput = await quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'sagemaker', MaxResults: 100, NextToken }));
    for (const { QuotaName, Value } of page.Quotas ?? []) { values[QuotaName!] = Value!; }
    NextToken = page.NextToken;
  } while (NextToken);
  return values;
}
