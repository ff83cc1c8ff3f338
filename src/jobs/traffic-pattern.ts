import { Duration } from 'aws-cdk-lib/core';
import { checkMembers, checkProp } from '../common/check';

/** One phase of load: users to begin with, and users that join. */
export interface TrafficPhase {
  /** Concurrent users at the start of the phase: at least 1. The guide says that it should be at most 3. */
  readonly initialNumberOfUsers: number;
  /** Users that join per minute: at least 0. The guide says at most 3; an example of the service has 60. */
  readonly spawnRate: number;
  /** Length of the phase in whole seconds. The guide says that it should be 120 to 3,600 seconds for a load test. */
  readonly duration: Duration;
}

/** A staircase of load. */
export interface TrafficStairs {
  /** In whole seconds. The guide means the whole staircase by it, the API's text each step: AWS contradicts itself here. */
  readonly duration: Duration;
  /** Steps: at least 1. */
  readonly numberOfSteps: number;
  /** Users that join at each step: 1 to 3. */
  readonly usersPerStep: number;
}

/**
 * How the load of a load test grows.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficPattern.html
 */
export class TrafficPattern {
  /**
   * Phases, one after the other.
   *
   * @param phases at least 1
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
   * Equal steps, one after the other.
   *
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
   * TrafficPattern as the API has it.
   *
   * @internal
   */
  public _render(): Record<string, unknown> {
    return this.pattern;
  }
}
