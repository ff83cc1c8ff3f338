/**
 * What happens if the package that a generative recommendation chose is not approved.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-approve.html
 * @example
 * aiJob.addRecommendation('Best', { approval: PackageApproval.byThisStack() });
 */
export class PackageApproval {
  /** The deploy fails with a sentence that names the package. Approve it and deploy again: the job is found, not paid again. */
  public static required(): PackageApproval {
    return new PackageApproval('Required');
  }

  /**
   * The stack approves the package. Rules of your own for approved packages then fire, as after any approval. A `ModelRegistryBenchmark` of this library leaves
   * such a package alone.
   */
  public static byThisStack(): PackageApproval {
    return new PackageApproval('ByStack');
  }

  private constructor(
    /** @internal */
    public readonly _mode: 'Required' | 'ByStack',
  ) {}
}
