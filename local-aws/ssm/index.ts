import { AwsError } from '../errors';
import { Operations, Region } from '../world';

export interface Parameter {
  readonly Name: string;
  readonly Type: 'String' | 'StringList' | 'SecureString';
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: Date;
  readonly ARN: string;
  readonly DataType: 'text';
}

/** The version of the bootstrap resources that `cdk deploy` asks for. */
const BOOTSTRAP = { name: '/cdk-bootstrap/hnb659fds/version', version: '30' };

/** Systems Manager's parameters. */
export class Ssm {
  public readonly parameters = new Map<string, Parameter>();
  private readonly tags = new Map<string, Map<string, string>>();

  public readonly operations: Operations = {
    GetParameter: ({ Name }) => ({ Parameter: this.find(Name) }),
    GetParameters: ({ Names }) => {
      const names: string[] = list('Names', Names);
      const found = names.map((name) => this.parameters.get(name)).filter((parameter) => parameter !== undefined);
      return { Parameters: found, InvalidParameters: names.filter((name) => !this.parameters.has(name)) };
    },
    GetParametersByPath: ({ Path, Recursive, MaxResults = 10, NextToken }) => {
      if (typeof Path !== 'string' || !Path.startsWith('/')) { throw invalid('The parameter path must begin with a slash'); }
      const root = Path.replace(/\/*$/, '/');
      const inside = [...this.parameters.values()].sort((a, b) => a.Name < b.Name ? -1 : 1)
        .filter(({ Name }) => Name.startsWith(root) && (isTrue(Recursive) || !Name.slice(root.length).includes('/')));
      const from = Number(NextToken ?? 0);
      const to = from + Number(MaxResults);
      return { Parameters: inside.slice(from, to), NextToken: to < inside.length ? String(to) : undefined };
    },
    PutParameter: (input) => {
      if (input.Tags?.length && isTrue(input.Overwrite)) {
        throw invalid('Invalid request: tags and overwrite can\'t be used together. To create a parameter with tags, please remove overwrite flag.');
      }
      const { Name, Version } = this.put(input);
      this.tag(Name, input.Tags ?? []);
      return { Version, Tier: 'Standard' };
    },
    DeleteParameter: ({ Name }) => {
      this.find(Name);
      this.delete(Name);
      return {};
    },
    AddTagsToResource: ({ ResourceType, ResourceId, Tags }) => {
      if (ResourceType !== 'Parameter') { throw invalid(`Tags on ${ResourceType} are not part of the local AWS`); }
      if (!this.parameters.has(ResourceId)) { throw new AwsError('InvalidResourceId', 'The resource ID is not valid.'); }
      this.tag(ResourceId, list('Tags', Tags));
      return {};
    },
    ListTagsForResource: ({ ResourceType, ResourceId }) => {
      if (ResourceType !== 'Parameter') { throw invalid(`Tags on ${ResourceType} are not part of the local AWS`); }
      if (!this.parameters.has(ResourceId)) { throw new AwsError('InvalidResourceId', 'The resource ID is not valid.'); }
      return { TagList: [...this.tags.get(ResourceId) ?? []].map(([Key, Value]) => ({ Key, Value })) };
    },
  };

  constructor(private readonly region: Region) {
    this.put({ Name: BOOTSTRAP.name, Type: 'String', Value: BOOTSTRAP.version });
  }

  /** Sets a parameter. The bootstrap version, there from the beginning, may be created once more by a bootstrap stack. */
  public put({ Name, Type, Value, Overwrite }: any): Parameter {
    if (typeof Name !== 'string' || !/^\/?[\w.-]+(\/[\w.-]+){0,14}$/.test(Name) || Name.length > 1011) {
      throw invalid('Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by '
        + 'slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_');
    }
    const old = this.parameters.get(Name);
    const type = Type ?? old?.Type;
    if (!['String', 'StringList', 'SecureString'].includes(type)) {
      throw invalid(`1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`);
    }
    if (typeof Value !== 'string' || Value.length < 1 || Value.length > 4096) {
      throw invalid("1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length between 1 and 4096");
    }
    if (old && !isTrue(Overwrite) && !(Name === BOOTSTRAP.name && old.Version === 1)) {
      throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
    }
    const parameter: Parameter = {
      Name,
      Type: type,
      Value,
      Version: (old?.Version ?? 0) + 1,
      LastModifiedDate: new Date(this.region.clock.now()),
      ARN: this.region.arn('ssm', `parameter/${Name.replace(/^\//, '')}`),
      DataType: 'text',
    };
    this.parameters.set(Name, parameter);
    return parameter;
  }

  public tag(name: string, tags: Array<{ Key: string; Value: string }>): void {
    const own = this.tags.get(name) ?? new Map<string, string>();
    this.tags.set(name, own);
    tags.forEach(({ Key, Value }) => own.set(Key, Value));
  }

  public delete(name: string): void {
    this.parameters.delete(name);
    this.tags.delete(name);
  }

  private find(name: unknown): Parameter {
    if (typeof name !== 'string' || name === '') {
      throw invalid("1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null");
    }
    if (name.includes(':') && !name.startsWith('arn:')) { throw invalid('Versions and labels of parameters are not part of the local AWS'); }
    const parameter = this.parameters.get(name) ?? [...this.parameters.values()].find(({ ARN }) => ARN === name);
    if (!parameter) { throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`); }
    return parameter;
  }
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function list(member: string, value: unknown): any[] {
  if (!Array.isArray(value) || value.length === 0) { throw invalid(`1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must be a list that is not empty`); }
  return value;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
