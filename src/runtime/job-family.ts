/**
 * The facts of a family of jobs that the runtime needs: its IAM actions, and how a state machine polls it. All other details of a family are in the
 * family's own folder.
 */
export interface JobFamily {
  /** The family's name in resource types and properties, e.g. `InferenceRecommendations`. The functions know a family by the same name. */
  readonly name: string;
  /** The name of one job in a sentence, e.g. `Inference Recommender job`. */
  readonly title: string;
  /** Prefix of the construct ids of its state machines. The first family has an empty one. */
  readonly idPrefix: string;
  /** Resource type in the jobs' ARNs, e.g. `inference-recommendations-job`. */
  readonly arnResource: string;
  /** SageMaker operations on a job by its name. A family has no `delete` if the service keeps its records. */
  readonly operations: { readonly create: string; readonly describe: string; readonly stop: string; readonly delete?: string };
  /** IAM actions without resource-level permissions: `listAction` lists jobs, `readActions` read details of one. */
  readonly listAction: string;
  readonly readActions: readonly string[];
  readonly poll: JobPoll;
  /** The statuses of a job that has completed, and of one that gives no results any more. */
  readonly outcomes: { readonly completed: readonly string[]; readonly failed: readonly string[] };
  /** Whether a deploy may wait for somebody's approval of what its jobs recommend. The machine that follows the jobs does that, too. */
  readonly hasApprovals?: boolean;
  /** A request without the members whose change starts no other job. The functions count the same. */
  counted(request: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** The request and the answer by which a state machine polls a job's status. */
export interface JobPoll {
  /** The member of its request that names the job. */
  readonly nameMember: string;
  /** The member of its answer that is the status. */
  readonly statusMember: string;
  /** The error of Step Functions if the service does not know the job. */
  readonly notFound: string;
  /** The non-terminal statuses: the machine polls on while a job has one of them. */
  readonly nonTerminalStatuses: readonly string[];
  /**
   * The member of a list's answer that has the jobs. If it is set, a machine polls by `listAction`: Step Functions keeps each answer in the
   * execution's history, and a job's description may have secrets. Absent if it has none.
   */
  readonly listMember?: string;
}
