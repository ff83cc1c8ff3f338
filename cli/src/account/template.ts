import type { Stack } from '@aws-sdk/client-cloudformation';

export type Properties = Readonly<Record<string, unknown>>;

/** As much of a template as the verbs read. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, {
    readonly Type: string;
    readonly Properties?: Properties;
    readonly Metadata?: { readonly 'aws:cdk:path'?: string };
  }>>;
}

/** What a deployed stack knows of its template's values. */
interface Deployed {
  readonly stack?: Stack;
  readonly physicalIds?: Readonly<Record<string, string>>;
  /** A value in place of the pseudo parameters that an undeployed template cannot know. */
  readonly pseudo?: Readonly<Record<string, string>>;
}

/** Resolves the intrinsics of a template as far as its parameters and the stack say. The rest stays as it is: `isKnown` tells. */
export class Resolver {
  private readonly parameters: Properties;
  private readonly pseudo: Readonly<Record<string, string | undefined>>;

  constructor(private readonly template: Template, private readonly deployed: Deployed = {}) {
    const { stack } = deployed;
    const [, partition, , region, account] = stack?.StackId?.split(':') ?? [];
    this.pseudo = {
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::StackId': stack?.StackId,
      'AWS::StackName': stack?.StackName,
      'AWS::URLSuffix': partition && (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'),
      ...deployed.pseudo,
    };
    this.parameters = {
      ...Object.fromEntries(Object.entries(template.Parameters ?? {})
        .flatMap(([name, { Default }]) => (Default === undefined ? [] : [[name, Default]]))),
      ...Object.fromEntries((stack?.Parameters ?? [])
        .map(({ ParameterKey, ParameterValue, ResolvedValue }) => [ParameterKey!, ResolvedValue ?? ParameterValue])),
    };
  }

  public propertiesOf(logicalId: string): Properties {
    return this.resolve(this.template.Resources?.[logicalId]?.Properties ?? {}) as Properties;
  }

  public resolve(value: unknown): unknown {
    if (Array.isArray(value)) { return value.map((one) => this.resolve(one)).filter((one) => !isNoValue(one)); }
    if (typeof value !== 'object' || value === null) { return value; }
    const entries = Object.entries(value);
    const [[intrinsic, argument] = ['', undefined], ...others] = entries;
    const result = others.length === 0 ? this.intrinsic(intrinsic, argument) : undefined;
    if (result !== undefined) { return result; }
    return Object.fromEntries(entries
      .map(([name, part]) => [name, name === 'Ref' || name === 'Fn::GetAtt' ? part : this.resolve(part)])
      .filter(([, part]) => !isNoValue(part)));
  }

  /** `undefined` if it is none, or has no value yet. */
  private intrinsic(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref': return this.parameters[argument as string] ?? this.pseudo[argument as string] ?? this.deployed.physicalIds?.[argument as string];
      case 'Fn::Join': {
        const [separator, given] = argument as [string, unknown];
        const parts = this.resolve(given);
        return Array.isArray(parts) && parts.every((part) => typeof part !== 'object') ? parts.join(separator) : undefined;
      }
      case 'Fn::Sub': {
        const [text, given = {}] = Array.isArray(argument) ? argument as [string, object] : [argument as string];
        let isFilled = true;
        const filled = text.replace(/\$\{([^!}][^}]*)\}/g, (_all, variable) => {
          const own = given[variable as keyof typeof given];
          const found = variable in given ? this.resolve(own) : variable.includes('.') ? undefined : this.intrinsic('Ref', variable);
          isFilled &&= found !== undefined && typeof found !== 'object';
          return String(found);
        });
        return isFilled ? filled.replace(/\$\{!/g, '${') : undefined;
      }
      case 'Fn::Select': {
        const [index, given] = argument as [unknown, unknown];
        const list = this.resolve(given);
        return Array.isArray(list) ? list[Number(this.resolve(index))] : undefined;
      }
      case 'Fn::Split': {
        const [separator, given] = argument as [string, unknown];
        const text = this.resolve(given);
        return typeof text === 'string' ? text.split(separator) : undefined;
      }
      case 'Fn::If': {
        const [condition, yes, no] = argument as [string, unknown, unknown];
        const holds = this.condition(this.template.Conditions?.[condition]);
        return holds === undefined ? undefined : this.resolve(holds ? yes : no);
      }
      default: return undefined;
    }
  }

  private condition(value: unknown): boolean | undefined {
    const [[name, argument] = ['', undefined]] = Object.entries(value ?? {});
    const parts = () => (argument as unknown[]).map((part) => this.condition(part));
    switch (name) {
      case 'Condition': return this.condition(this.template.Conditions?.[argument as string]);
      case 'Fn::Equals': {
        const [one, other] = this.resolve(argument) as unknown[];
        return isKnown(one) && isKnown(other) ? String(one) === String(other) : undefined;
      }
      case 'Fn::Not': { const [one] = parts(); return one === undefined ? undefined : !one; }
      case 'Fn::And': return parts().every((part) => part !== undefined) ? parts().every(Boolean) : undefined;
      case 'Fn::Or': return parts().every((part) => part !== undefined) ? parts().some(Boolean) : undefined;
      default: return undefined;
    }
  }
}

/** Whether a value has no intrinsic that only a deploy resolves. */
export function isKnown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) { return value !== undefined; }
  const names = Object.keys(value);
  return !(names.length === 1 && /^(Ref|Condition|Fn::\w+)$/.test(names[0])) && Object.values(value).every(isKnown);
}

/** The logical ids to which a value points. */
export function referencesOf(value: unknown): string[] {
  if (Array.isArray(value)) { return value.flatMap(referencesOf); }
  if (typeof value !== 'object' || value === null) { return []; }
  return Object.entries(value).flatMap(([name, part]) => {
    if (name === 'Ref') { return [part as string]; }
    if (name === 'Fn::GetAtt') { return [(Array.isArray(part) ? part[0] : String(part).split('.')[0]) as string]; }
    return referencesOf(part);
  });
}

function isNoValue(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { Ref?: string }).Ref === 'AWS::NoValue';
}

/** The path of a construct as its author wrote it: without the ids that the CDK gives to what a construct wraps. */
export function constructPath(path: string | undefined): string | undefined {
  return path?.replace(/\/(Resource|Default)(\/Default)?$/, '');
}
