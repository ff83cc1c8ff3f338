import { holds, Scope } from './intrinsics';
import { checkValue } from './quotas';
import { invalid, ParameterDefinition, Template } from './template';

/** A parameter in a request. */
export interface GivenParameter {
  readonly ParameterKey: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean | string;
}

export interface Parameter {
  /** The given value, or the default. For an SSM type, the name. */
  readonly given: string;
  /** The value of `Ref`. */
  readonly value: string | string[];
  /** The value behind an SSM type. */
  readonly resolved?: string;
  readonly hidden: boolean;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** The types whose values are in SSM: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html */
const SSM = /^AWS::SSM::Parameter::Value<(List<)?/;
/** These, and the type whose value is the name of an existing parameter. */
const SSM_NAMES = /^AWS::SSM::Parameter::(Name$|Value<)/;

/** The parameters of one operation; `fetch` reads SSM's values, each time again: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export function resolveParameters(
  template: Template, given: readonly GivenParameter[], previous: Parameters, fetch: (name: string) => string | undefined,
): Parameters {
  const unknown = given.map(({ ParameterKey }) => ParameterKey).filter((key) => !Object.hasOwn(template.Parameters, key));
  if (unknown.length > 0) { throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`); }
  const raw = (name: string, { Default }: ParameterDefinition): string | undefined => {
    const own = given.find(({ ParameterKey }) => ParameterKey === name);
    const value = String(own?.UsePreviousValue) === 'true' ? previous[name]?.given : own?.ParameterValue ?? Default;
    return value === undefined ? undefined : String(value);
  };
  const values = Object.entries(template.Parameters).map(([name, definition]) => [name, definition, raw(name, definition)] as const);
  const missing = values.filter(([, , value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) { throw invalid(`Parameters: [${missing.join(', ')}] must have values`); }
  const unfetched = values.filter(([, { Type }, value]) => SSM_NAMES.test(Type) && fetch(value!) === undefined).map(([, , value]) => value);
  if (unfetched.length > 0) { throw invalid(`Unable to fetch parameters [${unfetched.join(',')}] from parameter store for this account.`); }
  return Object.fromEntries(values.map(([name, definition, value]) => {
    checkValue(name, value!);
    check(name, definition, value!);
    const resolved = SSM.test(definition.Type) ? fetch(value!)! : undefined;
    const list = /^(CommaDelimitedList|List<|AWS::SSM::Parameter::Value<(List<|CommaDelimitedList))/.test(definition.Type);
    const text = resolved ?? value!;
    return [name, {
      given: value!,
      resolved,
      hidden: String(definition.NoEcho) === 'true',
      value: list ? text.split(',').map((member) => member.trim()) : text,
    }];
  }));
}

function check(name: string, definition: ParameterDefinition, value: string): void {
  const { Type, AllowedValues, AllowedPattern, ConstraintDescription, MinLength, MaxLength, MinValue, MaxValue } = definition;
  const fail = (sentence: string) => {
    throw invalid(ConstraintDescription ? `Parameter ${name} failed to satisfy constraint: ${ConstraintDescription}` : `Parameter '${name}' ${sentence}`);
  };
  if (Type === 'Number' && (value === '' || Number.isNaN(Number(value)))) { throw invalid(`Parameter '${name}' must be a number.`); }
  if (AllowedValues && !AllowedValues.map(String).includes(value)) { fail('must be one of AllowedValues'); }
  if (AllowedPattern && !matches(AllowedPattern, value)) { fail(`must match pattern ${AllowedPattern}`); }
  if (MinLength !== undefined && value.length < Number(MinLength)) { fail(`must contain at least ${MinLength} characters`); }
  if (MaxLength !== undefined && value.length > Number(MaxLength)) { fail(`must contain at most ${MaxLength} characters`); }
  if (MinValue !== undefined && Number(value) < Number(MinValue)) { fail(`must be a number not less than ${MinValue}`); }
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) { fail(`must be a number not greater than ${MaxValue}`); }
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    throw invalid(`Template format error: the AllowedPattern ${pattern} is no regular expression`);
  }
}

/** Refuses the operation if an assertion of the template's rules is false. */
export function checkRules(scope: Scope): void {
  for (const [name, { RuleCondition, Assertions }] of Object.entries(scope.template.Rules)) {
    if (RuleCondition !== undefined && !holds(RuleCondition, scope)) { continue; }
    const broken = Assertions.find(({ Assert }) => !holds(Assert, scope));
    if (broken) { throw invalid(`Template error: rule ${name} does not hold: ${broken.AssertDescription ?? JSON.stringify(broken.Assert)}`); }
  }
}
