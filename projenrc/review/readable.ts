/**
 * A resource or a value of a policy, as a person reads it: what the template refers to has the name of its type in angle brackets, and an ARN of the stack's
 * own account and Region begins with its service.
 */
export function readable(value: unknown, types: Readonly<Record<string, string>>): string {
  return NAMES.reduce((text, [found, name]) => text.replace(found, name), written(value, types));
}

/** The words for a name that only a deploy, or only an app, knows. */
const NAMES: ReadonlyArray<readonly [RegExp, string]> = [
  // The part of the stack's id that begins the names of what it makes.
  [/<select 0 of split "-" of <select 2 of split "\/" of <stack id>>>/g, '<stack>'],
  [/<select \d+ of split "\|" of <ssm parameter [^>]*>>/g, '<cross-stack field>'],
  [/<select 0 of split ":model-package-group\/" of (<[^<>]*>)>:model-package\/<select 1 of split ":model-package-group\/" of \1>/g, 'sagemaker:model-package/$1'],
  [/\/[0-9a-f]{8}-\*/g, '/<jobs>-*'],
  [/^arn:(<partition>|aws):([a-z0-9-]*):(<region>|us-east-1)?:(<account>|111111111111)?:/, '$2:'],
  [/^s3:(cdk-[a-z0-9]+-assets-.*)\/[0-9a-f]{64}\.tar\.gz$/, 's3:<assets>/<asset>'],
  [/^s3:cdk-[a-z0-9]+-assets-[^/]*$/, 's3:<assets>'],
  [/(stack|claim):[0-9a-f]{8}/g, '$1:<key>'],
  [/\/(shop|producer)\/(best|registry)/g, '<path>'],
  [/\/Shop-[A-Za-z0-9-]+\//, '/<output prefix>/'],
  [/\/(vpc|subnet|sg)-[0-9a-f]+/g, '/<$1>'],
];

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': '<partition>', 'AWS::Region': '<region>', 'AWS::AccountId': '<account>', 'AWS::StackId': '<stack id>', 'AWS::URLSuffix': '<domain>',
};

function written(value: unknown, types: Readonly<Record<string, string>>): string {
  if (typeof value !== 'object' || value === null) { return String(value); }
  const [[name, given]]: Array<[string, any]> = Object.entries(value);
  const inner = (part: unknown) => written(part, types);
  switch (name) {
    case 'Ref': return PSEUDO[given] ?? `<${wordsOf(types[given] ?? given)}>`;
    case 'Fn::GetAtt': return `<${wordsOf(types[given[0]] ?? given[0])}>`;
    case 'Fn::Join': return given[1].map(inner).join(given[0]);
    case 'Fn::Select': return `<select ${given[0]} of ${inner(given[1])}>`;
    case 'Fn::Split': return `split "${given[0]}" of ${inner(given[1])}`;
    case 'Fn::Sub': {
      const [text, variables] = [given, {}].flat();
      return text.replace(/\$\{([^}]+)\}/g, (_found: string, part: string) => inner(variables[part] ?? { Ref: part }));
    }
    case 'Fn::ImportValue': return '<export>';
    default: return `<${name}>`;
  }
}

/** `AWS::SageMaker::ModelPackageGroup` is a model package group. */
function wordsOf(type: string): string {
  return type.split('::').pop()!.replace(/([a-z])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2 ').toLowerCase();
}

/** A condition as a sentence of its operator, key and values. */
export function readableCondition(condition: unknown, types: Readonly<Record<string, string>>): string {
  if (condition === undefined) { return ''; }
  return Object.entries(condition as Record<string, Record<string, unknown>>).flatMap(([operator, keys]) => (
    Object.entries(keys).map(([key, values]) => `${operator} \`${readable(key, types)}\`: ${[values].flat().map((one) => `\`${readable(one, types)}\``).join(', ')}`)
  )).join('; ');
}
