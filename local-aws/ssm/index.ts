import { passes } from './filters';
import { publicValue } from './public';
import { ByParameterName, checkName, checkPattern, Parameter, qualified, tierFor } from './rules';
import { OPERATIONS, SHAPES } from './shapes';
import { AwsError, guarded, invalid, Lacking, numberedPage, Operations, Principal, Region } from '../kernel';

export type { Parameter } from './rules';

/** The version of the bootstrap resources that `cdk deploy` requires. */
const BOOTSTRAP = { name: '/cdk-bootstrap/hnb659fds/version', version: '30' };

/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html (ParameterFilters) */
const BY_PATH = ['Type', 'KeyId', 'Label'];

/** Those that Parameter Store has besides text. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (DataType) */
const DATA_TYPES = ['aws:ec2:image', 'aws:ssm:integration'];

/** Older ones are dropped. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const MOST_VERSIONS = 100;

/** Systems Manager's parameters. */
export class Ssm {
  public readonly parameters = new ByParameterName<Parameter>();
  private readonly tags = new ByParameterName<Map<string, string>>();
  /** The versions of each parameter, the oldest first. */
  private readonly versions = new ByParameterName<Parameter[]>();

  public readonly operations: Operations = guarded('ssm', {
    GetParameter: ({ Name }, { principal }) => ({ Parameter: shown(this.standIn(Name, principal) ?? this.find(Name)) }),
    GetParameters: ({ Names }) => ({
      Parameters: this.known(Names).map((name) => shown(this.parameters.get(name)!)), InvalidParameters: this.unknown(Names),
    }),
    GetParametersByPath: ({ Path, Recursive, ParameterFilters = [], WithDecryption: _, ...paging }) => {
      if (!Path.startsWith('/')) { throw invalid('The parameter path must begin with a slash'); }
      const stray = ParameterFilters.find(({ Key }: any) => !BY_PATH.includes(Key));
      if (stray) { throw new AwsError('InvalidFilterKey', `The filter key ${stray.Key} is not valid. Valid filter keys include: [${BY_PATH.join(', ')}].`); }
      const filters = [{ Key: 'Path', Option: Recursive ? 'Recursive' : 'OneLevel', Values: [Path] }, ...ParameterFilters];
      return this.page(this.passing(filters).map(shown), { MaxResults: 10, ...paging });
    },
    DescribeParameters: ({ ParameterFilters, ...paging }) =>
      this.page(this.passing(ParameterFilters).map(described), { MaxResults: 50, ...paging }),
    GetParameterHistory: ({ Name, WithDecryption: _, ...paging }) =>
      this.page((this.versions.get(this.find(Name).Name) ?? []).map(past), { MaxResults: 50, ...paging }),
    PutParameter: (input) => {
      if (input.Tags?.length && input.Overwrite) {
        throw invalid('Invalid request: tags and overwrite can\'t be used together. To create a parameter with tags, please remove overwrite flag.');
      }
      const { Name, Version, Tier: tier } = this.put(input);
      this.tag(Name, input.Tags ?? []);
      return { Version, Tier: tier };
    },
    DeleteParameter: ({ Name }) => {
      this.find(Name);
      this.delete(Name);
      return {};
    },
    DeleteParameters: ({ Names }) => {
      const [DeletedParameters, InvalidParameters] = [this.known(Names), this.unknown(Names)];
      DeletedParameters.forEach((name) => this.delete(name));
      return { DeletedParameters, InvalidParameters };
    },
    AddTagsToResource: ({ ResourceType, ResourceId, Tags }) => {
      this.checkResource(ResourceType, ResourceId);
      this.tag(ResourceId, Tags);
      return {};
    },
    RemoveTagsFromResource: ({ ResourceType, ResourceId, TagKeys }) => {
      this.checkResource(ResourceType, ResourceId);
      TagKeys.forEach((key: string) => this.tags.get(ResourceId)?.delete(key));
      return {};
    },
    ListTagsForResource: ({ ResourceType, ResourceId }) => {
      this.checkResource(ResourceType, ResourceId);
      return { TagList: [...this.tags.get(ResourceId) ?? []].map(([Key, Value]) => ({ Key, Value })) };
    },
  }, OPERATIONS, SHAPES);

  constructor(private readonly region: Region) {
    this.put({ Name: BOOTSTRAP.name, Type: 'String', Value: BOOTSTRAP.version });
  }

  /** The value of a parameter, or of what stands for one of AWS's own. */
  public valueOf(name: string): string | undefined {
    return (this.parameters.get(name) ?? this.standIn(name))?.Value;
  }

  /** What stands for a parameter that is not there: one of AWS's own, or one that the CDK looks up at synth. */
  private standIn(name: string, principal?: Principal): Parameter | undefined {
    if (this.parameters.has(name)) { return undefined; }
    const isLookup = /:assumed-role\/cdk-[a-z0-9]+-lookup-role-/.test(principal?.arn ?? '');
    const value = publicValue(name) ?? (isLookup ? `dummy-value-for-${name}` : undefined);
    if (value === undefined) { return undefined; }
    this.region.world.notice(`the parameter ${name} is a stand-in: ${value}`);
    return {
      Name: name,
      Type: 'String',
      Value: value,
      Version: 1,
      LastModifiedDate: new Date(this.region.clock.now()),
      Tier: 'Standard',
      DataType: 'text',
      ARN: this.region.arn('ssm', `parameter/${name.replace(/^\//, '')}`),
    };
  }

  /** Sets a parameter. The bootstrap version exists from the start, and a bootstrap stack may create it once more. */
  public put({ Name, Type, Value, Overwrite, Tier: tier, DataType = 'text', ...more }: any): Parameter {
    checkName(Name);
    if (DATA_TYPES.includes(DataType)) { throw new Lacking(`The data type ${DataType} is not part of the local AWS`); }
    if (DataType !== 'text') { throw invalid(`The following data type is not supported: ${DataType}`); }
    const old = this.parameters.get(Name);
    if (old && !Overwrite && !(Name === BOOTSTRAP.name && old.Version === 1)) {
      throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
    }
    if (Type === undefined && !old) { throw invalid('A parameter type is required when you create a parameter.'); }
    // A pattern stays until another one is set.
    const AllowedPattern = more.AllowedPattern ?? old?.AllowedPattern;
    checkPattern(AllowedPattern, Value);
    const type = Type ?? old?.Type;
    const parameter: Parameter = {
      // With or without its slash, it stays the name that it was made with.
      Name: old?.Name ?? Name,
      Type: type,
      Value,
      Version: (old?.Version ?? 0) + 1,
      LastModifiedDate: new Date(this.region.clock.now()),
      ARN: this.region.arn('ssm', `parameter${qualified(Name)}`),
      DataType,
      Tier: tierFor(tier, Value, old?.Tier),
      Description: more.Description ?? old?.Description,
      AllowedPattern,
      // Other types take a key, and have none: https://github.com/hashicorp/terraform-provider-aws/issues/21095
      KeyId: type === 'SecureString' ? more.KeyId ?? old?.KeyId ?? 'alias/aws/ssm' : undefined,
    };
    this.parameters.set(Name, parameter);
    this.versions.set(Name, [...this.versions.get(Name) ?? [], parameter].slice(-MOST_VERSIONS));
    return parameter;
  }

  public untag(name: string, keys: readonly string[]): void {
    keys.forEach((key) => this.tags.get(name)?.delete(key));
  }

  public tag(name: string, tags: Array<{ Key: string; Value: string }>): void {
    const own = this.tags.get(name) ?? new Map<string, string>();
    this.tags.set(name, own);
    tags.forEach(({ Key, Value }) => own.set(Key, Value));
  }

  public delete(name: string): void {
    this.parameters.delete(name);
    this.versions.delete(name);
    this.tags.delete(name);
  }

  private find(name: string): Parameter {
    if (name.includes(':') && !name.startsWith('arn:')) { throw invalid('Versions and labels of parameters are not part of the local AWS'); }
    const parameter = this.parameters.get(name) ?? [...this.parameters.values()].find(({ ARN }) => ARN === name);
    if (!parameter) { throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`); }
    return parameter;
  }

  private known(names: string[]): string[] {
    return names.filter((name) => this.parameters.has(name));
  }

  private unknown(names: string[]): string[] {
    return names.filter((name) => !this.parameters.has(name));
  }

  private passing(filters?: readonly any[]): Parameter[] {
    return [...this.parameters.values()].filter((parameter) => passes({ ...parameter, tags: this.tags.get(parameter.Name) }, filters))
      .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  }

  private page(all: object[], { MaxResults, NextToken }: any): object {
    const { items, next } = numberedPage(all, NextToken, MaxResults, () => new AwsError('InvalidNextToken', 'The specified token isn\'t valid.'));
    return { Parameters: items, NextToken: next };
  }

  private checkResource(type: string, id: string): void {
    if (type !== 'Parameter') { throw invalid(`Tags on ${type} are not part of the local AWS`); }
    if (!this.parameters.has(id)) { throw new AwsError('InvalidResourceId', 'The resource ID is not valid.'); }
  }
}

/** A parameter in the form of GetParameter. */
function shown({ Name, Type, Value, Version, LastModifiedDate, ARN, DataType }: Parameter): object {
  return { Name, Type, Value, Version, LastModifiedDate, ARN, DataType };
}

/** A parameter in the form of DescribeParameters: without its value. */
function described({ Value: _, ...metadata }: Parameter): object {
  return { ...metadata, Policies: [] };
}

/** A version of a parameter in the form of GetParameterHistory. */
function past({ ARN: _, ...version }: Parameter): object {
  return { ...version, Labels: [], Policies: [] };
}
