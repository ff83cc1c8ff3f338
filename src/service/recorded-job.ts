/**
 * A value as `aws sagemaker describe-inference-recommendations-job` prints it. Python's JSON, and so that of the command, has NaN and infinities
 * without quotes: they are read as the text `NaN`.
 *
 * @throws SyntaxError if the text is no JSON
 */
export function recordedJson(text: string): unknown {
  return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g, (token) => (token.startsWith('"') ? token : '"NaN"')));
}

/** The metrics of a recorded result under their names of today: answers of 2021, and the guide, have `MaximumInvocations`. */
export function recordedMetrics(metrics: Readonly<Record<string, unknown>>): Record<string, any> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name.replace('Maximum', 'Max'), value === 'NaN' ? NaN : value]));
}
