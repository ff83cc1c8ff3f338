import { invalid, Template } from './template';
import { AwsError } from '../../kernel';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const MOST = { body: 51_200, file: 1_048_576, stacks: 2_000 };
const MOST_OF = { Resources: 500, Parameters: 200, Mappings: 200, Outputs: 200 } as const;
const MOST_ATTRIBUTES = 200;
const LONGEST = { description: 1_024, name: 255, value: 4_096 };

/** Refuses a template that is beyond CloudFormation's quotas. */
export function checkQuotas(template: Template): void {
  for (const [section, most] of Object.entries(MOST_OF) as Array<[keyof typeof MOST_OF, number]>) {
    const names = Object.keys(template[section]);
    if (names.length > most) { throw tooMany(section.toLowerCase(), names.length, most); }
    const long = names.find((name) => name.length > LONGEST.name);
    if (long !== undefined) { throw invalid(`Template format error: the name ${long} in ${section} is longer than ${LONGEST.name} characters.`); }
  }
  for (const [name, mapping] of Object.entries(template.Mappings)) {
    const attributes = Object.keys(mapping).length;
    if (attributes > MOST_ATTRIBUTES) { throw tooMany(`attributes in mapping ${name}`, attributes, MOST_ATTRIBUTES); }
  }
  if (typeof template.Description === 'string' && Buffer.byteLength(template.Description) > LONGEST.description) {
    throw invalid(`Template format error: 'Description' length is greater than ${LONGEST.description}.`);
  }
}

/** Refuses a parameter's value that is beyond the quota. */
export function checkValue(name: string, value: string): void {
  if (Buffer.byteLength(value) > LONGEST.value) { throw invalid(`Parameter '${name}' must contain at most ${LONGEST.value} bytes`); }
}

function tooMany(what: string, got: number, most: number): AwsError {
  return invalid(`Template format error: Number of ${what}, ${got}, is greater than maximum allowed, ${most}`);
}

/** The members by which a template names a resource of IAM itself. Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html#capabilities */
const NAMES = ['GroupName', 'InstanceProfileName', 'ManagedPolicyName', 'RoleName', 'UserName'];
/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (Capabilities) */
const OF_IAM = ['AccessKey', 'Group', 'InstanceProfile', 'ManagedPolicy', 'Policy', 'Role', 'User', 'UserToGroupAddition'].map((noun) => `AWS::IAM::${noun}`);

/** The capability that a template needs for its resources of IAM, if it has some. */
export function capabilityOf({ Resources }: Template): { readonly capability: string; readonly types: readonly string[] } | undefined {
  const found = Object.values(Resources).filter(({ Type }) => OF_IAM.includes(Type));
  if (found.length === 0) { return undefined; }
  const isNamed = found.some(({ Properties = {} }) => NAMES.some((name) => Properties[name] !== undefined));
  return { capability: isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM', types: [...new Set(found.map(({ Type }) => Type))] };
}

/**
 * Refuses a template without the acknowledgements that it needs. A change set lets its reader see what a transform makes, so it needs none for that.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (Capabilities), API_CreateChangeSet.html there
 */
export function checkCapabilities(template: Template, given: readonly string[], isChangeSet = false): void {
  const iam = capabilityOf(template)?.capability;
  const needed = [
    ...iam !== undefined && !given.includes(iam) && !given.includes('CAPABILITY_NAMED_IAM') ? [iam] : [],
    ...template.Transform !== undefined && !isChangeSet && !given.includes('CAPABILITY_AUTO_EXPAND') ? ['CAPABILITY_AUTO_EXPAND'] : [],
  ];
  if (needed.length > 0) { throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed.join(', ')}]`); }
}
