import type { Tag } from './custom-resource';
import type { Reuse } from './job-name';
import type { FollowedRecommendation } from './recommend';

/** The roles of a job's custom resources: the ends of their types. */
const ROLES = ['', 'Wait', 'Follow', 'Registry', 'Approvals', 'Compilations', 'Results', 'Watches'] as const;
/**
 * `''` starts a job and stops it, `Wait` is a stage of the wait chain, `Follow` follows a job in the background, `Registry` stops, with its stack, the jobs
 * that approvals started, `Approvals` keeps what counts them, `Compilations` deletes a job's compilation jobs, `Results` reads a job's results besides recommendations,
 * `Watches` is deleted after all that start jobs, and stops what still runs for the stack.
 */
export type JobResourceRole = typeof ROLES[number];

/** The type of a custom resource of a family's jobs, e.g. `Custom::InferenceRecommendationsJobWait`. */
export function jobResourceType(family: string, role: JobResourceRole): string {
  return `Custom::${family}Job${role}`;
}

/** The family and the role behind a custom resource's type, if it is one of a job's. */
export function jobResourceOf(resourceType: string): { readonly family: string; readonly role: JobResourceRole } | undefined {
  const [, family, role] = /^Custom::(\w+?)Job([A-Z][a-z]+)?$/.exec(resourceType) ?? [];
  const known = ROLES.find((one) => one === (role ?? ''));
  return family === undefined || known === undefined ? undefined : { family, role: known };
}

/** The start function's environment variable for the state machine that waits for a family's jobs. */
export function waitMachineVariable(family: string): string {
  return `${family}_WAIT_MACHINE_ARN`;
}

/** How a construct's jobs are found: by the prefix of their names, and by the key of its stack's claims, which no other stack of an account has. */
export interface ClaimProperties {
  readonly StackKey: string;
  readonly Namespace: string;
}

/** Who else finds a construct's jobs again. */
export interface ScopeProperties extends ClaimProperties {
  readonly Reuse: Reuse;
  /** The stack's name, that of the top-level stack for a nested one. */
  readonly ScopeName: string;
  /** The name for which the template was made. Under another one, its stack has the claims of its twin. */
  readonly MadeFor?: string;
}

/** What is looked at before a job starts: archives in S3, the trust of the job's role, quotas, and the permissions of the role. */
export const PREFLIGHT_CHECKS = ['objects', 'role', 'quotas', 'permissions'] as const;
export type PreflightCheck = typeof PREFLIGHT_CHECKS[number];

/** What is checked before a job starts, and how long it may run. A change of it starts no job. */
export interface CheckProperties {
  /** Those of `PREFLIGHT_CHECKS` that are switched on. */
  readonly Preflight?: readonly string[];
  /** The highest cost, in US dollars. */
  readonly MaxCost?: string;
  /** How long the job may run, in seconds, if its service has no such limit: then the library stops it. */
  readonly MaxSeconds?: string;
}

/** Properties of the start resource and of each stage of the wait chain. */
export interface JobProperties extends ScopeProperties, CheckProperties {
  readonly SchemaVersion: string;
  /** The user's own reason to run the job again. */
  readonly Trigger?: string;
  /** For whoever reads a diff: another value may start a paid job. No function reads it. */
  readonly PaidBenchmark?: string;
  /** The family's Create request without the job's name and tags, nested as in the API. */
  readonly Request: Readonly<Record<string, unknown>>;
  /** 'true' if the function may read objects that the job benchmarks. A new permission may take a while to count. */
  readonly ReadsObjects?: string;
  /** 'true' if a recommendation has a fallback: then a failed job does not fail its wait chain. */
  readonly ToleratesFailure?: string;
  readonly Tags?: readonly Tag[];
  /** The number of stages of the wait chain. Its change is a request to the start resource as well, so that `AskedAt` grows. */
  readonly Stages?: string;
}

/** Properties of a stage of the wait chain. */
export interface WaitProperties extends JobProperties {
  /** Logical id of the start resource, whose claims the stages keep. Absent for a job of somebody else's. */
  readonly JobLogicalId?: string;
  /** From the start resource or the earlier stage: a change in it makes CloudFormation wait again. */
  readonly JobName: string;
  /** When CloudFormation asked for this state of the job, as the start resource answers it. An earlier time is a return to an earlier state. */
  readonly AskedAt?: string;
  /** This stage's place in the wait chain, from 1. */
  readonly Stage: string;
  /** 'true' for a job of somebody else's: this library never starts, tags or stops it. */
  readonly IsImported?: string;
}

/** Properties of the resource that follows a job in the background. */
export interface FollowProperties extends ClaimProperties {
  readonly SchemaVersion: string;
  readonly JobName: string;
  /** Logical id of the job's start resource. Events name the resource by it. */
  readonly JobLogicalId: string;
  readonly StateMachineArn: string;
  readonly Recommendations?: readonly FollowedRecommendation[];
}

/** Properties of the resource that deletes compilation jobs. */
export interface CompilationsProperties extends ClaimProperties {
  readonly SchemaVersion: string;
  /** Logical id of the start resource, which claims the jobs. */
  readonly JobLogicalId: string;
}

/** Properties of the resource that stops, at the end of the stack, what still runs. */
export interface WatchesProperties {
  readonly SchemaVersion: string;
  /** Logical ids of the start resources whose jobs run on. */
  readonly Retained?: readonly string[];
}

/** Properties of the resource that keeps a registry's slots: the benchmarks that a month has used. */
export interface ApprovalsProperties {
  readonly SchemaVersion: string;
  readonly SlotsPath: string;
  readonly MaxJobsPerMonth?: string;
}

/** What a rule sends to the state machine, and the machine to the approve function: a version was approved, or the newest one is benchmarked once more. */
export interface Approval {
  readonly registry: RegistryBenchmark;
  /** Id of the event. A repeated delivery starts nothing. */
  readonly eventId: string;
  /** ISO time of the event. For a schedule, the time for which it was scheduled. */
  readonly time: string;
  /** The approved version. Empty if a schedule sent the event. */
  readonly packageArn: string;
  /** The name of the execution, which the machine adds. */
  readonly execution: string;
}

/** The part of an approval that is known at the deploy. */
export interface RegistryBenchmark extends ScopeProperties, CheckProperties {
  readonly Family: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ModelPackageGroupName: string;
  /** The job's request without the package. */
  readonly Request: Readonly<Record<string, unknown>>;
  readonly Tags?: readonly Tag[];
  readonly Recommendations: readonly FollowedRecommendation[];
  /** The path in Parameter Store below which the registry's slots are. */
  readonly SlotsPath: string;
  readonly StateMachineArn: string;
}
