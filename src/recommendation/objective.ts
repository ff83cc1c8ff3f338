import { ObjectiveName } from '../contract/recommend';

/** By what the best recommendation is chosen. Changing it never runs a job again. */
export class Objective {
  /** The least CostPerInference. */
  public static lowestCostPerInference(): Objective {
    return new Objective('LowestCostPerInference');
  }

  /** The least CostPerHour. */
  public static lowestCostPerHour(): Objective {
    return new Objective('LowestCostPerHour');
  }

  /** The least ModelLatency, in the unit that the service reports. */
  public static lowestLatency(): Objective {
    return new Objective('LowestLatency');
  }

  /** The most MaxInvocations: requests a minute. */
  public static highestThroughput(): Objective {
    return new Objective('HighestThroughput');
  }

  private constructor(private readonly objective: ObjectiveName) {}

  /** The objective's name. */
  public toString(): string {
    return this.objective;
  }
}
