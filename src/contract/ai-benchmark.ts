/** Attributes of a benchmark's results. Every answer has every one of these; it is empty if the job has no value. */
export const AI_BENCHMARK_ATTRIBUTES = ['JobName', 'JobArn', 'Status', 'CreationTime', 'StartTime', 'EndTime', 'OutputLocation', 'Logs', 'Archive', 'RunCount', 'Figures', 'Search', 'Trouble'] as const;
export type AiBenchmarkAttribute = typeof AI_BENCHMARK_ATTRIBUTES[number];
