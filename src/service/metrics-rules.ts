/** The times in seconds between two publications of an endpoint's metrics. In the API's model, this is an enumeration of integers. */
export const METRIC_PUBLISH_SECONDS: readonly number[] = [10, 30, 60, 120, 180, 240, 300];
