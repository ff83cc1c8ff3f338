import { DeleteParametersCommand, GetParametersByPathCommand, GetParametersByPathCommandOutput, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

export type Ssm = Pick<SSMClient, 'send'>;
export type Values = Readonly<Record<string, string>>;

/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html (Names) */
const MOST_DELETED = 10;

/** Values by name of the parameters on the level below a path. */
export async function parametersBelow(ssm: Ssm, path: string): Promise<Values> {
  const found: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const page: GetParametersByPathCommandOutput = await ssm.send(new GetParametersByPathCommand({ Path: path, NextToken }));
    for (const { Name, Value } of page.Parameters ?? []) { found[Name!] = Value!; }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** Writes what differs from the old values, in the order given. */
export async function putParameters(ssm: Ssm, values: Values, old: Values): Promise<void> {
  for (const [Name, Value] of Object.entries(values)) {
    if (old[Name] === Value) { continue; }
    // Standard, and free, up to 4 KB; advanced up to 8.
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true, Tier: 'Intelligent-Tiering' }));
  }
}

/** Those that are gone already do not count. */
export async function deleteParameters(ssm: Ssm, names: readonly string[]): Promise<void> {
  for (let from = 0; from < names.length; from += MOST_DELETED) {
    await ssm.send(new DeleteParametersCommand({ Names: names.slice(from, from + MOST_DELETED) }));
  }
}
