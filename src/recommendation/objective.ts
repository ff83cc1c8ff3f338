import { BENCHMARKED } from '../service/recommendation-kinds';

type ObjectiveName = keyof typeof BENCHMARKED.objectives;

/**
 * The metric that ranks a job's recommendations. Changing it starts no new job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationMetrics.html
 * @example
 * job.addRecommendation('Fastest', { objective: Objective.lowestLatency() });
 */
export class Objective {
  /** The lowest CostPerInference, in US dollars for one request. */
  public static lowestCostPerInference(): Objective {
    return new Objective('LowestCostPerInference');
  }

  /** The lowest CostPerHour, in US dollars: with a `targetLoad`, that of the instances that the load needs. */
  public static lowestCostPerHour(): Objective {
    return new Objective('LowestCostPerHour');
  }

  /** The lowest ModelLatency, in the unit that the service reports. */
  public static lowestLatency(): Objective {
    return new Objective('LowestLatency');
  }

  /** The highest MaxInvocations, in requests a minute. */
  public static highestThroughput(): Objective {
    return new Objective('HighestThroughput');
  }

  private constructor(private readonly objective: ObjectiveName) {}

  /**
   * The objective's name.
   *
   * @returns the name, e.g. `LowestLatency`
   */
  public toString(): string {
    return this.objective;
  }
}
