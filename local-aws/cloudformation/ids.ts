import { createHash } from 'crypto';

function digest(parts: ReadonlyArray<string | number>): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** An id in the form of a UUID. The same parts give the same id, so two runs are alike. */
export function guid(...parts: Array<string | number>): string {
  const hex = digest(parts);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}

/** `stack-logicalId-RANDOM12`, as CloudFormation names resources without a name. The random end depends only on the seed. */
export function generatedName(stackName: string, logicalId: string, seed: string, maxLength = 255): string {
  const end = BigInt(`0x${digest([seed]).slice(0, 20)}`).toString(36).toUpperCase().padStart(12, '0').slice(-12);
  return `${`${stackName}-${logicalId}`.slice(0, maxLength - end.length - 1)}-${end}`;
}
