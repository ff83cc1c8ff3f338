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
   * The stack approves the package when it chooses it. The approval's description names the stack. Rules of your own for approved packages then fire, as after
   * any approval. A `ModelRegistryBenchmark` of this library leaves such a package alone.
   *
   * @param options when to look once more
   */
  public static byThisStack(options: PackageApprovalOptions = {}): PackageApproval {
    return new PackageApproval('ByStack', options.trigger);
  }

  private constructor(
    /** @internal */
    public readonly _mode: 'Required' | 'ByStack',
    /** @internal */
    public readonly _trigger?: string,
  ) {}
}
