import { AwsError, invalid } from '../kernel';

export type Tier = 'Standard' | 'Advanced';

export interface Parameter {
  readonly Name: string;
  readonly Type: 'String' | 'StringList' | 'SecureString';
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: Date;
  readonly ARN: string;
  readonly DataType: 'text';
  readonly Tier: Tier;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly KeyId?: string;
}

const FORM = 'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the '
  + 'following 3 symbols .-_';

/** The maximum length of a value. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const LONGEST: Readonly<Record<Tier, number>> = { Standard: 4096, Advanced: 8192 };

/**
 * The whole name of a parameter: at the root of the hierarchy, the slash before it may be left out.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html (the ARN of `/name` and of `name` is one)
 */
export function qualified(name: string): string {
  return /^(\/|arn:)/.test(name) ? name : `/${name}`;
}

/** Parameters by their whole names. */
export class ByParameterName<T> extends Map<string, T> {
  public override get(name: string): T | undefined {
    return super.get(qualified(name));
  }

  public override has(name: string): boolean {
    return super.has(qualified(name));
  }

  public override set(name: string, value: T): this {
    return super.set(qualified(name), value);
  }

  public override delete(name: string): boolean {
    return super.delete(qualified(name));
  }
}

const MOST_LEVELS = 15;

/** Refuses an invalid name. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html */
export function checkName(name: string): void {
  if (/^\/aws/i.test(name)) { throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`); }
  if (name.includes('/') && !name.startsWith('/')) { throw invalid('Parameter name must be a fully qualified name.'); }
  if (name.split('/').length - 1 > MOST_LEVELS) {
    throw new AwsError('HierarchyLevelLimitExceededException', `Parameter name can have at most ${MOST_LEVELS} levels, separated by slashes, got: ${name}`);
  }
  if (/^\/?(aws|ssm)/i.test(name) || !/^\/?[\w.-]+(\/[\w.-]+)*$/.test(name) || name.length > 1011) {
    throw invalid(`Parameter name: can't be prefixed with ${name.startsWith('/') ? '"ssm"' : '"aws" or "ssm"'} (case-insensitive). ${FORM}`);
  }
}

/**
 * The tier of a parameter, if its value fits in it. A request without a tier gets the account's default: Standard.
 *
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
export function tierFor(asked: string | undefined, value: string, old: Tier | undefined): Tier {
  const length = [...value].length;
  const tier = asked === 'Advanced' || (asked === 'Intelligent-Tiering' && (length > LONGEST.Standard || old === 'Advanced')) ? 'Advanced' : 'Standard';
  if (tier === 'Standard' && old === 'Advanced') {
    throw invalid('This parameter uses the advanced-parameter tier. You can\'t downgrade a parameter from the advanced-parameter tier to the standard-parameter '
      + 'tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.');
  }
  if (length > LONGEST[tier]) {
    throw invalid(tier === 'Standard'
      ? `Standard tier parameters support a maximum parameter value of ${LONGEST.Standard} characters. To create a larger parameter value, upgrade the parameter to `
        + 'use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html'
      : `The specified parameter value is too large. Advanced-tier parameters support a maximum parameter value of ${LONGEST.Advanced} characters.`);
  }
  return tier;
}

/** Refuses a value that does not match its whole pattern. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
export function checkPattern(pattern: string | undefined, value: string): void {
  if (pattern === undefined || pattern === '') { return; }
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`);
  } catch {
    throw new AwsError('InvalidAllowedPatternException', `The request does not meet the regular expression requirement: ${pattern}`);
  }
  if (!expression.test(value)) {
    throw new AwsError('ParameterPatternMismatchException', `Parameter value, cannot be validated against allowedPattern: ${pattern}`);
  }
}
