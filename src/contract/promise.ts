/** Computes what a benchmark promised of an endpoint, and by what figures the endpoint leaves it: templates cannot multiply. */
export const PROMISE_RESOURCE_TYPE = 'Custom::InferencePromise';

/** The units that a job's latency may be in. */
export const LATENCY_UNITS = ['Milliseconds', 'Microseconds'] as const;

/** Properties of a promise. The figures are those of a recommendation: empty, or `NaN`, if they are not known. */
export interface PromiseProperties {
  readonly SchemaVersion: string;
  /** How many times the promise a latency or a load may be. */
  readonly Factor: string;
  /** How many times the promise a cost may be. */
  readonly CostFactor: string;
  /** One of `LATENCY_UNITS`. Absent if nobody has said which one it is. */
  readonly LatencyUnit?: string;
  readonly InitialInstanceCount: string;
  readonly CostPerHour: string;
  readonly CostPerInference: string;
  readonly MaxInvocations: string;
  readonly ModelLatency: string;
  readonly Source: string;
  readonly Summary: string;
}

/**
 * Attributes of a promise. Each answer has every one of them. A dashboard's body has them within its JSON, so a figure is always a number without an
 * exponent, and a text has nothing that JSON escapes. What is not known is promised as 0, with a threshold that nothing reaches.
 */
export const PROMISE_ATTRIBUTES = [
  /** In ms. */
  'LatencyPromise', 'LatencyThreshold', 'LatencyLabel',
  /** In US dollars for 1,000 requests. */
  'CostPromise', 'CostThreshold', 'CostLabel',
  /** In requests a minute to one instance. */
  'LoadPromise', 'LoadThreshold', 'LoadLabel',
  /** In US dollars for one instance. */
  'InstanceCostPerHour',
  /** What was chosen, and when there is an alarm. */
  'Summary', 'Thresholds',
] as const;
export type PromiseAttribute = typeof PROMISE_ATTRIBUTES[number];
