import { Duration } from 'aws-cdk-lib/core';
import { checkMembers, checkProp } from '../common/check';

/** One phase of load: concurrent users at its start, and users that join during it. */
export interface TrafficPhase {
  /** Concurrent users at the start of the phase: at least 1. The guide says that it should be at most 3. */
  readonly initialNumberOfUsers: number;
  /** Users that join per minute: at least 0. The guide says at most 3, but an example of the service has 60. */
  readonly spawnRate: number;
  /** Length of the phase in whole seconds. The guide says that it should be 120 to 3,600 seconds for a load test. */
  readonly duration: Duration;
}

/** A staircase of load: equal steps, and at each step more users join. */
export interface TrafficStairs {
  /** Duration in whole seconds. AWS contradicts itself here: in the guide it is that of the whole staircase, in the API's text that of each step. */
  readonly duration: Duration;
  /** Number of steps: at least 1. */
  readonly numberOfSteps: number;
  /** Users that join at each step: 1 to 3. */
  readonly usersPerStep: number;
}

/**
 * The pattern by which the load of a job grows.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficPattern.html
 * @example
 * JobType.loadTest({
 *   trafficPattern: TrafficPattern.stairs({ duration: Duration.minutes(10), numberOfSteps: 5, usersPerStep: 2 }),
 *   endpointCandidates: [EndpointCandidate.instance(InstanceType.of('ml.c5.xlarge'))],
 * });
 */
export class TrafficPattern {
  /**
   * Load in phases, one after the other.
   *
   * @param phases the phases in their order: at least 1
   * @throws if there is no phase, or a figure is out of its range
   */
  public static phases(phases: TrafficPhase[]): TrafficPattern {
    const rendered = phases.map((phase) => ({
      InitialNumberOfUsers: phase.initialNumberOfUsers,
      SpawnRate: phase.spawnRate,
      DurationInSeconds: phase.duration.toSeconds(),
    }));
    checkProp('phases', 'Phases', rendered.map(() => ({})));
    phases.forEach((phase, index) => checkMembers(`phases[${index}]`, { ...phase, duration: phase.duration.toSeconds() }, {
      initialNumberOfUsers: 'InitialNumberOfUsers', spawnRate: 'SpawnRate', duration: 'TrafficDurationInSeconds',
    }));
    return new TrafficPattern({ TrafficType: 'PHASES', Phases: rendered });
  }

  /**
   * Load in equal steps, one after the other.
   *
   * @param stairs duration, number of steps and users for each step
   * @throws if a figure is out of its range
   */
  public static stairs(stairs: TrafficStairs): TrafficPattern {
    const rendered = {
      DurationInSeconds: stairs.duration.toSeconds(),
      NumberOfSteps: stairs.numberOfSteps,
      UsersPerStep: stairs.usersPerStep,
    };
    checkMembers('stairs', { ...stairs, duration: rendered.DurationInSeconds }, {
      duration: 'TrafficDurationInSeconds', numberOfSteps: 'NumberOfSteps', usersPerStep: 'UsersPerStep',
    });
    return new TrafficPattern({ TrafficType: 'STAIRS', Stairs: rendered });
  }

  private constructor(private readonly pattern: Record<string, unknown>) {}

  /**
   * The API's TrafficPattern.
   *
   * @internal
   */
  public _render(): Record<string, unknown> {
    return this.pattern;
  }
}
