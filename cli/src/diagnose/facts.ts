import type { Target } from '../../../lambda/jobs/family';
import type { JobPrefix } from '../../../lambda/jobs/preflight/objects';
import type { JobNeeds } from '../../../lambda/jobs/preflight/preflight';
import type { Quotas } from '../../../lambda/jobs/preflight/quotas';
import type { ObjectBeginning, PrefixFinding } from '../../../lambda/runtime/account';
import type { JobArchive } from '../../../src/service/job-objects';
import type { ResourceView } from '../account/stack';
import type { Choice } from '../subject/choice';
import type { JobView } from '../subject/job';

/** Where AWS says something: an event of the stack, the job's own reason, a benchmark's reason, or a line of a log. */
export type Place = 'event' | 'job' | 'benchmark' | 'log';

/** A text of AWS about what failed. */
export interface Said {
  readonly place: Place;
  /** The place by name, for people. */
  readonly source: string;
  readonly text: string;
  /** How much it counts, from 0 to 1: the first failure of a deploy more than those that follow from it. */
  readonly weight: number;
}

/** The role of a job. */
export interface RoleFacts {
  readonly arn: string;
  readonly exists: boolean;
  /** Whether the role is gone and this is what the stack's template had. */
  readonly isOfTemplate?: boolean;
  /** The trust policy. */
  readonly trust?: PolicyDocument;
  /** Its own policies. `undefined` if not all of them could be read. */
  readonly policies?: readonly PolicyDocument[];
}

export interface PolicyDocument {
  readonly Statement?: Statement | readonly Statement[];
}

export interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: object;
}

/** What a job benchmarks. */
export interface TargetFacts {
  /** The package's ARN or the model's name. */
  readonly name: string;
  readonly exists: boolean;
  /** Of a version of a model package. */
  readonly approval?: string;
  readonly domain?: string;
  readonly task?: string;
  readonly framework?: string;
  readonly images: readonly string[];
  readonly contentTypes: readonly string[];
  readonly isPackage: boolean;
}

/** A model package that a job recommends to deploy. */
export interface PackageFacts {
  readonly arn: string;
  /** Its ModelApprovalStatus. Absent for a package without a version. */
  readonly status?: string;
}

/** An object that a job reads. */
export interface ObjectFacts {
  readonly archive: JobArchive;
  readonly looked: ObjectBeginning;
}

/** A place in S3 that a job reads or writes. */
export interface PlaceFacts {
  readonly place: JobPrefix;
  readonly looked: PrefixFinding;
}

/** The subnets of a job, and the resources of the stack that made them, as far as a stack did. */
export interface NetworkFacts {
  readonly subnets: readonly string[];
  readonly resources: ReadonlyArray<Pick<ResourceView, 'type' | 'physicalId' | 'properties'>>;
}

/** A job and all that it depends on. A member is absent if there is none, or if it could not be looked at: then there is a note. */
export interface JobFacts {
  readonly construct?: string;
  readonly jobName?: string;
  /** `undefined` if the service does not know the job: it was never started, or its record is gone. */
  readonly job?: JobView;
  readonly choices: readonly Choice[];
  /** The members of the job's Create request. */
  readonly request?: Request;
  readonly needs?: JobNeeds;
  readonly target?: TargetFacts;
  /** Those of the chosen recommendations. */
  readonly packages?: readonly PackageFacts[];
  readonly role?: RoleFacts;
  readonly objects: readonly ObjectFacts[];
  readonly places?: readonly PlaceFacts[];
  readonly quotas?: Quotas;
  readonly network?: NetworkFacts;
}

/** As much of a job's request as is read here. */
export interface Request {
  readonly RoleArn?: string;
  readonly JobType?: string;
  /** Of a job that benchmarks an endpoint of a generative model. */
  readonly NetworkConfig?: { readonly VpcConfig?: { readonly Subnets?: readonly string[]; readonly SecurityGroupIds?: readonly string[] } };
  /** Of a job of SageMaker Inference Recommender. */
  readonly InputConfig?: {
    readonly ModelPackageVersionArn?: string;
    readonly ModelName?: string;
    readonly VolumeKmsKeyId?: string;
    readonly VpcConfig?: { readonly Subnets?: readonly string[]; readonly SecurityGroupIds?: readonly string[] };
    readonly EndpointConfigurations?: ReadonlyArray<{ readonly InstanceType?: string }>;
    readonly ContainerConfig?: { readonly Domain?: string; readonly Task?: string; readonly Framework?: string };
  };
}

/** A stack, with the operation that is judged: the last one, or the one before a deletion. */
export interface StackFacts {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  /** The resources whose failure is no consequence of another's. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly time: Date;
}

/** All that the rules judge. */
export interface Facts {
  readonly stack?: StackFacts;
  readonly jobs: readonly JobFacts[];
  readonly said: readonly Said[];
  /** What could not be looked at. */
  readonly notes: readonly string[];
  /** Values that no output may have. */
  readonly secrets: readonly string[];
}

/** What was read of a target, with what a job's needs are computed from. */
export interface ReadTarget {
  readonly facts: TargetFacts;
  readonly target?: Target;
  readonly secrets: readonly string[];
}
