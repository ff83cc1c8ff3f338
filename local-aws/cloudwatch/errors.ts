import { AwsError } from '../kernel';

/** A value that a metric or a dashboard cannot have. */
export function wrong(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

/** A query of metric data that cannot be. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
