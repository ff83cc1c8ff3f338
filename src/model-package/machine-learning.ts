/**
 * The machine learning domain of a model: the `Domain` of a model package.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
 * @example
 * const domain = MlDomain.COMPUTER_VISION;
 */
export class MlDomain {
  /** COMPUTER_VISION */
  public static readonly COMPUTER_VISION = MlDomain.of('COMPUTER_VISION');
  /** NATURAL_LANGUAGE_PROCESSING */
  public static readonly NATURAL_LANGUAGE_PROCESSING = MlDomain.of('NATURAL_LANGUAGE_PROCESSING');
  /** MACHINE_LEARNING */
  public static readonly MACHINE_LEARNING = MlDomain.of('MACHINE_LEARNING');
  /** OTHER: a domain that the service does not list. */
  public static readonly OTHER = MlDomain.of('OTHER');

  /**
   * A domain that has no constant in this version of the library.
   *
   * @param domain name as the service spells it, e.g. `COMPUTER_VISION`; not checked
   * @returns the domain
   */
  public static of(domain: string): MlDomain {
    return new MlDomain(domain);
  }

  private constructor(
    /** Name as the service spells it. */
    public readonly value: string,
  ) {}
}

/**
 * The machine learning task of a model: the `Task` of a model package.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
 * @example
 * const task = MlTask.CLASSIFICATION;
 */
export class MlTask {
  /** IMAGE_CLASSIFICATION */
  public static readonly IMAGE_CLASSIFICATION = MlTask.of('IMAGE_CLASSIFICATION');
  /** OBJECT_DETECTION */
  public static readonly OBJECT_DETECTION = MlTask.of('OBJECT_DETECTION');
  /** TEXT_GENERATION */
  public static readonly TEXT_GENERATION = MlTask.of('TEXT_GENERATION');
  /** IMAGE_SEGMENTATION */
  public static readonly IMAGE_SEGMENTATION = MlTask.of('IMAGE_SEGMENTATION');
  /** FILL_MASK */
  public static readonly FILL_MASK = MlTask.of('FILL_MASK');
  /** CLASSIFICATION */
  public static readonly CLASSIFICATION = MlTask.of('CLASSIFICATION');
  /** REGRESSION */
  public static readonly REGRESSION = MlTask.of('REGRESSION');
  /** OTHER: a task that the service does not list. */
  public static readonly OTHER = MlTask.of('OTHER');

  /**
   * A task that has no constant in this version of the library.
   *
   * @param task name as the service spells it, e.g. `CLASSIFICATION`; not checked
   * @returns the task
   */
  public static of(task: string): MlTask {
    return new MlTask(task);
  }

  private constructor(
    /** Name as the service spells it. */
    public readonly value: string,
  ) {}
}

/**
 * The machine learning framework of a container: its `Framework`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobContainerConfig.html
 * @example
 * const framework = MlFramework.XGBOOST;
 */
export class MlFramework {
  /** TENSORFLOW */
  public static readonly TENSORFLOW = MlFramework.of('TENSORFLOW');
  /** PYTORCH */
  public static readonly PYTORCH = MlFramework.of('PYTORCH');
  /** XGBOOST */
  public static readonly XGBOOST = MlFramework.of('XGBOOST');
  /** SAGEMAKER-SCIKIT-LEARN */
  public static readonly SAGEMAKER_SCIKIT_LEARN = MlFramework.of('SAGEMAKER-SCIKIT-LEARN');
  /** OTHER: a framework that the service does not list. */
  public static readonly OTHER = MlFramework.of('OTHER');

  /**
   * A framework that has no constant in this version of the library.
   *
   * @param framework name as the service spells it, e.g. `XGBOOST`; not checked
   * @returns the framework
   */
  public static of(framework: string): MlFramework {
    return new MlFramework(framework);
  }

  private constructor(
    /** Name as the service spells it. */
    public readonly value: string,
  ) {}
}
