import { checkProp } from '../common/check';

/**
 * The strategy by which the service places copies of an inference component on instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentSchedulingConfig.html
 * @example
 * const scheduling: CopyScheduling = { placementStrategy: PlacementStrategy.SPREAD };
 */
export class PlacementStrategy {
  /** Copies are spread evenly over the instances. */
  public static readonly SPREAD = PlacementStrategy.of('SPREAD');
  /** Copies are packed onto as few instances as possible. */
  public static readonly BINPACK = PlacementStrategy.of('BINPACK');

  /**
   * A strategy that has no constant in this version of the library.
   *
   * @param strategy the value that the service's API uses
   */
  public static of(strategy: string): PlacementStrategy {
    return new PlacementStrategy(strategy);
  }

  private constructor(
    /** The value that the service's API uses. */
    public readonly value: string,
  ) {}
}

/** The share of the copies that one batch of an update may have, in percent. Source: API_InferenceComponentRollingUpdatePolicy (MaximumBatchSize) */
const BATCH = { least: 5, most: 50 };

/**
 * The size of a batch of a rolling update: a number of copies or a percentage of them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentCapacitySize.html
 * @example
 * const rollingUpdate: ComponentRollingUpdate = { maximumBatchSize: CopyBatchSize.percent(25) };
 */
export class CopyBatchSize {
  /**
   * A number of copies.
   *
   * @param count number of copies: at least 1
   * @throws if `count` is less than 1
   */
  public static copies(count: number): CopyBatchSize {
    return new CopyBatchSize('COPY_COUNT', 'copies', count);
  }

  /**
   * A percentage of the copies.
   *
   * @param percent percentage of the copies: at least 1; for an update, 5 to 50
   * @throws if `percent` is less than 1
   */
  public static percent(percent: number): CopyBatchSize {
    return new CopyBatchSize('CAPACITY_PERCENT', 'percent', percent);
  }

  private constructor(private readonly type: 'COPY_COUNT' | 'CAPACITY_PERCENT', prop: string, private readonly size: number) {
    checkProp(prop, 'CapacitySizeValue', size);
  }

  /** @internal */
  public _render(): { readonly type: string; readonly value: number } {
    return { type: this.type, value: this.size };
  }

  /**
   * An error sentence, if a batch of an update would be outside the documented range for so many copies. A single copy is a batch, whatever its share is.
   *
   * @internal
   */
  public _outOfRange(prop: string, copies: number | undefined): string | undefined {
    const isPercent = this.type === 'CAPACITY_PERCENT';
    if (!isPercent && this.size === 1) { return undefined; }
    const percent = isPercent ? this.size : copies && 100 * this.size / copies;
    if (percent === undefined || Number.isNaN(percent) || (percent >= BATCH.least && percent <= BATCH.most)) { return undefined; }
    return `\`${prop}\` must be ${BATCH.least} to ${BATCH.most}% of the copies, got: ${Math.round(percent)}%`;
  }
}
