/** The way in which a text is split into the parts that an explanation is about. */
export enum TextGranularity {
  /** Words and signs. */
  TOKEN = 'token',
  /** Sentences. */
  SENTENCE = 'sentence',
  /** Paragraphs. */
  PARAGRAPH = 'paragraph',
}

/** The kind of a feature. */
export enum FeatureType {
  /** A number. */
  NUMERICAL = 'numerical',
  /** One of some values. */
  CATEGORICAL = 'categorical',
  /** A text. */
  TEXT = 'text',
}

/** Explanations of texts. Changing any of it replaces the configuration. */
export interface TextExplanation {
  /** Language of the texts: its code, e.g. `en`, or `xx` for several. Changing it replaces the configuration. */
  readonly language: string;
  /** Size of the parts that are explained. Changing it replaces the configuration. */
  readonly granularity: TextGranularity;
}

/** Computation of SHAP values. Changing any of it replaces the configuration. */
export interface ShapOptions {
  /**
   * Baseline in the configuration itself: up to 4,096 characters. Set this or `baselineUri`. Changing it replaces the configuration.
   *
   * @default - the one at `baselineUri`; without that, the service makes one
   */
  readonly baseline?: string;
  /**
   * Whole URI of a baseline in S3, which the model roles that this library creates may read. Changing it replaces the configuration.
   *
   * @default - the one in `baseline`
   */
  readonly baselineUri?: string;
  /**
   * MIME type of the baseline: up to 255 characters. Changing it replaces the configuration.
   *
   * @default - the service's default, text/csv
   */
  readonly baselineMimeType?: string;
  /**
   * Number of samples of the features: at least 1. Changing it replaces the configuration.
   *
   * @default - the service chooses
   */
  readonly numberOfSamples?: number;
  /**
   * Whether the model's predictions are converted to log-odds. Changing it replaces the configuration.
   *
   * @default - the service's default, false
   */
  readonly useLogit?: boolean;
  /**
   * Start of the random numbers, which makes explanations repeatable. Changing it replaces the configuration.
   *
   * @default - the service chooses
   */
  readonly seed?: number;
  /**
   * Explanations of texts. Changing it replaces the configuration.
   *
   * @default - texts are not split
   */
  readonly text?: TextExplanation;
}

/** What the model takes and returns. Changing any of it replaces the configuration. */
export interface ExplainedInference {
  /**
   * JMESPath expression that finds the features in a request of JSON lines: up to 64 characters. Changing it replaces the configuration.
   *
   * @default - the whole record
   */
  readonly featuresAttribute?: string;
  /**
   * Template of a request that the explainer makes of features: up to 64 characters. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly contentTemplate?: string;
  /**
   * Most records of a request to the model: at least 1. Changing it replaces the configuration.
   *
   * @default - the service's default
   */
  readonly maxRecordCount?: number;
  /**
   * Most megabytes of a request to the model: 1 to 25. Changing it replaces the configuration.
   *
   * @default 6
   */
  readonly maxPayloadInMb?: number;
  /**
   * Column of the probabilities in a response of CSV: at least 0. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly probabilityIndex?: number;
  /**
   * Column of the label in a response of CSV: at least 0. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly labelIndex?: number;
  /**
   * JMESPath expression that finds the probabilities in a response: up to 64 characters. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly probabilityAttribute?: string;
  /**
   * JMESPath expression that finds the label in a response: up to 64 characters. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly labelAttribute?: string;
  /**
   * Names of the labels: 1 to 16. Changing them replaces the configuration.
   *
   * @default - none
   */
  readonly labelHeaders?: string[];
  /**
   * Names of the features: 1 to 256. Changing them replaces the configuration.
   *
   * @default - the service makes names
   */
  readonly featureHeaders?: string[];
  /**
   * Kinds of the features: 1 to 256. Changing them replaces the configuration.
   *
   * @default - the service finds them by the baseline
   */
  readonly featureTypes?: FeatureType[];
}

/**
 * Online explanations by SageMaker Clarify, beside the model's responses. Changing any of it replaces the configuration.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClarifyExplainerConfig.html
 */
export interface ClarifyExplainer {
  /** Computation of SHAP values. Changing it replaces the configuration. */
  readonly shap: ShapOptions;
  /**
   * What the model takes and returns. Changing it replaces the configuration.
   *
   * @default - CSV in and out
   */
  readonly inference?: ExplainedInference;
  /**
   * JMESPath expression that selects the records to explain: up to 64 characters. Changing it replaces the configuration.
   *
   * @default - each record
   */
  readonly enableExplanations?: string;
}
