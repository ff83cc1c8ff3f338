import { Duration } from 'aws-cdk-lib/core';
import { checkRange } from '../common/check';
import { APPROVALS } from '../contract/recommend';
import { APPROVAL_WAIT_SECONDS } from '../contract/waiting';

/** Options of an approval. */
export interface PackageApprovalOptions {
  /**
   * Any text. Changing it makes the stack look at the package once more: for example after the fallback was deployed, because nobody had approved the package
   * yet. It starts no job.
   *
   * @default - the stack looks at the package when it chooses: when a job has ended, or an option of the recommendation changes
   */
  readonly trigger?: string;
}

/** Options of an approval that the deploy waits for. */
export interface AwaitedApprovalOptions extends PackageApprovalOptions {
  /**
   * How long the deploy waits: 1 to 50 minutes. CloudFormation waits an hour for a resource at most.
   *
   * @default Duration.minutes(50)
   */
  readonly timeout?: Duration;
}

/**
 * What happens if the package that a generative recommendation chose is not approved. A package that has no status, or is no version of a group, needs no
 * approval here.
 *
 * A rejected package is never deployed and never approved by a stack: the deploy fails, or uses the fallback.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-approve.html
 * @example
 * aiJob.addRecommendation('Best', { approval: PackageApproval.byThisStack() });
 */
export class PackageApproval {
  /**
   * Somebody else approves the package. Until then, the deploy fails with a sentence that names the package: approve it and deploy again. The job is found, not
   * paid again. With a fallback, the fallback is deployed: approve the package and change the `trigger`.
   *
   * If the job runs in the background, its result is published at most 30 minutes after the approval, for 14 days after the job's end. Until then the earlier
   * recommendation, or the fallback, stays. `GenerativeRecommendation.onApprovalNeeded()` tells you of the package.
   *
   * @param options when to look once more
   */
  public static required(options: PackageApprovalOptions = {}): PackageApproval {
    return new PackageApproval('Required', options.trigger);
  }

  /**
   * The deploy waits until a person, or a pipeline, approves or rejects the package. `GenerativeRecommendation.onApprovalNeeded()` tells you of it. If nobody
   * does so in time, it goes on as with `required()`: the deploy fails, and the next one finds the same job and waits again, or the fallback is deployed.
   *
   * If the job runs in the background, no deploy waits, and this is the same as `required()`.
   *
   * @param options how long to wait
   * @throws if `timeout` is not between 1 and 50 minutes
   */
  public static byPerson(options: AwaitedApprovalOptions = {}): PackageApproval {
    const { timeout = Duration.seconds(APPROVAL_WAIT_SECONDS) } = options;
    checkRange('timeout', timeout.isUnresolved() ? NaN : timeout.toSeconds(), 60, APPROVAL_WAIT_SECONDS);
    return new PackageApproval('Wait', options.trigger, timeout);
  }

  /**
   * The stack approves the package when it chooses it. The approval's description names the stack. Rules of your own for approved packages then fire, as after
   * any approval. A `ModelRegistryBenchmark` of this library leaves such a package alone, unless somebody approves it anew more than 5 minutes later.
   *
   * @param options when to look once more
   */
  public static byThisStack(options: PackageApprovalOptions = {}): PackageApproval {
    return new PackageApproval('ByStack', options.trigger);
  }

  private constructor(
    /** @internal */
    public readonly _mode: typeof APPROVALS[number],
    /** @internal */
    public readonly _trigger?: string,
    /** @internal */
    public readonly _timeout?: Duration,
  ) {}
}
