import { AwsError } from '../../kernel';

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | string[];
  readonly Metadata?: unknown;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface ParameterDefinition {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedValues?: unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly NoEcho?: boolean | string;
  readonly Description?: string;
}

export interface OutputDefinition {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

export interface Rule {
  readonly RuleCondition?: unknown;
  readonly Assertions: Array<{ readonly Assert: unknown; readonly AssertDescription?: string }>;
}

/** A template as written. Its intrinsics are not resolved. */
export interface Template {
  readonly Description?: string;
  readonly Metadata?: unknown;
  readonly Transform?: unknown;
  readonly Parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly Rules: Readonly<Record<string, Rule>>;
  readonly Mappings: Readonly<Record<string, Record<string, Record<string, unknown>>>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, ResourceDefinition>>;
  readonly Outputs: Readonly<Record<string, OutputDefinition>>;
}

/** The only supported transform: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html */
export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

/** A `ValidationError`: CloudFormation's error for every invalid request or template. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
