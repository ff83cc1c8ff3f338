import { Duration } from 'aws-cdk-lib';
import { TrafficPattern, TrafficPhase, TrafficStairs } from '../../../src';
import { late } from '../../harness/constructs';

const PHASE: TrafficPhase = { initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.seconds(120) };
const STAIRS: TrafficStairs = { duration: Duration.seconds(300), numberOfSteps: 3, usersPerStep: 2 };

test('phases are rendered in their order, nested as in the API', () => {
  const second = { initialNumberOfUsers: 2, spawnRate: 0, duration: Duration.minutes(10) };
  expect(TrafficPattern.phases([PHASE, second])._render()).toEqual({
    TrafficType: 'PHASES',
    Phases: [
      { InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 120 },
      { InitialNumberOfUsers: 2, SpawnRate: 0, DurationInSeconds: 600 },
    ],
  });
});

test('stairs are rendered nested as in the API', () => {
  expect(TrafficPattern.stairs(STAIRS)._render()).toEqual({
    TrafficType: 'STAIRS', Stairs: { DurationInSeconds: 300, NumberOfSteps: 3, UsersPerStep: 2 },
  });
});

test('no phase is refused', () => {
  expect(() => TrafficPattern.phases([])).toThrow(/^`phases` must have at least 1 entry, got: 0\.$/);
});

test.each<[Partial<TrafficPhase>, RegExp]>([
  [{ initialNumberOfUsers: 0 }, /initialNumberOfUsers` must be at least 1, got: 0\.$/i],
  [{ initialNumberOfUsers: 1.5 }, /initialNumberOfUsers` must be of type integer, got: 1\.5\.$/i],
  [{ spawnRate: -1 }, /spawnRate` must be at least 0, got: -1\.$/i],
  [{ spawnRate: 0.5 }, /spawnRate` must be of type integer, got: 0\.5\.$/i],
  [{ duration: Duration.seconds(0) }, /duration\w*` must be at least 1, got: 0\.$/i],
  [{ duration: Duration.millis(1500) }, /1500 millis/],
])('a phase with %j is refused by name, value and bound', (wrong, sentence) => {
  expect(() => TrafficPattern.phases([PHASE, { ...PHASE, ...wrong }])).toThrow(sentence);
});

test('the sentence says which phase is meant', () => {
  expect(() => TrafficPattern.phases([PHASE, PHASE, { ...PHASE, spawnRate: -1 }])).toThrow(/^`phases\W2\W/);
});

test.each<[Partial<TrafficStairs>, RegExp]>([
  [{ usersPerStep: 0 }, /^`stairs\.usersPerStep` must be at least 1, got: 0\.$/i],
  [{ usersPerStep: 4 }, /^`stairs\.usersPerStep` must be at most 3, got: 4\.$/i],
  [{ numberOfSteps: 0 }, /^`stairs\.numberOfSteps` must be at least 1, got: 0\.$/i],
  [{ numberOfSteps: 2.5 }, /^`stairs\.numberOfSteps` must be of type integer, got: 2\.5\.$/i],
  [{ duration: Duration.seconds(0) }, /^`stairs\.duration\w*` must be at least 1, got: 0\.$/i],
])('stairs with %j are refused by name, value and bound', (wrong, sentence) => {
  expect(() => TrafficPattern.stairs({ ...STAIRS, ...wrong })).toThrow(sentence);
});

// A sentence shows a figure by way of JSON, which has neither.
test.each([NaN, Infinity])('%d is shown as it is', (numberOfSteps) => {
  expect(() => TrafficPattern.stairs({ ...STAIRS, numberOfSteps })).toThrow(new RegExp(`got: ${numberOfSteps}\\.$`));
});

test('what a page of the guide only advises is not refused: 60 users a minute, 100 to begin with, a phase of a minute', () => {
  expect(() => TrafficPattern.phases([{ initialNumberOfUsers: 100, spawnRate: 60, duration: Duration.minutes(1) }])).not.toThrow();
});

test('tokens pass in every figure', () => {
  const [number, duration] = [late.number(0), Duration.seconds(late.number(0))];
  expect(() => TrafficPattern.phases([{ initialNumberOfUsers: number, spawnRate: number, duration }])).not.toThrow();
  expect(() => TrafficPattern.stairs({ usersPerStep: number, numberOfSteps: number, duration })).not.toThrow();
});

test('a token beside a wrong figure does not hide it', () => {
  expect(() => TrafficPattern.stairs({ ...STAIRS, numberOfSteps: late.number(3), usersPerStep: 4 })).toThrow(/usersPerStep` must be at most 3/i);
});
