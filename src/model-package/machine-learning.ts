/**
 * The machine learning domain of a model.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html (Domain)
 */
export class MlDomain {
  /** COMPUTER_VISION */
  public static readonly COMPUTER_VISION = MlDomain.of('COMPUTER_VISION');
  /** NATURAL_LANGUAGE_PROCESSING */
  public static readonly NATURAL_LANGUAGE_PROCESSING = MlDomain.of('NATURAL_LANGUAGE_PROCESSING');
  /** MACHINE_LEARNING */
  public static readonly MACHINE_LEARNING = MlDomain.of('MACHINE_LEARNING');

  /** A domain that this version of the library does not know. */
  public static of(domain: string): MlDomain {
    return new MlDomain(domain);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/**
 * The machine learning task that a model accomplishes.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html (Task)
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
  /** OTHER, for a task that the service does not list. */
  public static readonly OTHER = MlTask.of('OTHER');

  /** A task that this version of the library does not know. */
  public static of(task: string): MlTask {
    return new MlTask(task);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/**
 * The machine learning framework of a container.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobContainerConfig.html (Framework)
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

  /** A framework that this version of the library does not know. */
  public static of(framework: string): MlFramework {
    return new MlFramework(framework);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}
