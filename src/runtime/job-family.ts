/**
 * What the runtime must know of a family of jobs: its IAM actions, and how a state machine polls it. Everything else that is particular to a family stands
 * in its own room.
 */
export interface JobFamily {
  /** The family's name in resource types and properties, e.g. `InferenceRecommendations`. The functions know a family by the same name. */
  readonly name: string;
  /** What one job is called in a sentence, e.g. `Inference Recommender job`. */
  readonly title: string;
  /** The beginning of the construct ids of its state machines. The first family has none. */
  readonly idPrefix: string;
  /** Resource type in the jobs' ARNs, e.g. `inference-recommendations-job`. */
  readonly arnResource: string;
  /** SageMaker operations on a job by its name. A family whose records stay with the service has no `delete`. */
  readonly operations: { readonly create: string; readonly describe: string; readonly stop: string; readonly delete?: string };
  /** IAM actions that have no resource-level permission: the one that lists jobs, and those that read more of one. */
  readonly listAction: string;
  readonly readActions: readonly string[];
  readonly poll: JobPoll;
}

/** How a state machine asks for a job's status. */
export interface JobPoll {
  /** The member of its request that names the job. */
  readonly nameMember: string;
  /** The member of its answer that is the status. */
  readonly statusMember: string;
  /** The error of Step Functions where the service does not know the job. */
  readonly notFound: string;
  /** The statuses that a poll waits out. */
  readonly nonTerminalStatuses: readonly string[];
}
