import { CfnResource, ITaggableV2, Lazy, Names, Resource, Stack, TagManager, TagType, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Workload } from './workload';
import { workloadFacts } from './workload-facts';
import { IAIWorkloadConfig } from './workload-interface';
import { checkNoSecretValue, grantSecret } from './workload-secrets';
import { checkIsA, checkProp } from '../../common/check';
import { checkOneResource, stackPrefixToken } from '../../common/names';
import { endOf } from '../../common/refs';
import { prune, renderTags } from '../../common/render';
import { warnOfName } from '../../common/warn';
import { canonical, digest } from '../../contract/job-name';
import { WORKLOAD_PARAMETERS } from '../../service/workload-spec';

const TYPE = 'AWS::SageMaker::AIWorkloadConfig';
const RESOURCE = 'ai-workload-config';

/** The parts of a generated name, besides the eight characters of the stack: 63 are allowed. */
const [READABLE, HASH] = [31, 24];

/** Properties of a configuration of a workload. */
export interface AIWorkloadConfigProps {
  /** The workload. */
  readonly workload: Workload;
  /**
   * Name of the configuration: 1 to 63 lower-case letters and digits. A name with a capital could never be deleted, because the service looks for it in
   * lower case.
   *
   * A configuration cannot be changed, only replaced, and its replacement needs another name. So CloudFormation refuses a changed workload under a name of
   * your choice: change the name with the workload.
   *
   * @default - a name that differs in each stack and changes with the workload
   */
  readonly workloadConfigName?: string;
}

/**
 * A configuration of a workload: the traffic that recommendation jobs and benchmark jobs send to a generative model.
 *
 * A configuration cannot be changed, only replaced: CloudFormation creates the new one, the jobs start again with it, and the old one is deleted. Tags are
 * changed in place.
 *
 * The generated name changes with each change that is known at synth. A value that only the deploy knows, such as the name of a bucket, is not in it: if such
 * a value changes alone, CloudFormation refuses the replacement, and another `workloadConfigName` helps.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateAIWorkloadConfig.html
 * @resource AWS::SageMaker::AIWorkloadConfig
 * @example
 * new AIWorkloadConfig(this, 'Chat', {
 *   workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }),
 * });
 */
export class AIWorkloadConfig extends Resource implements IAIWorkloadConfig, ITaggableV2 {
  /**
   * Imports an existing configuration of this account and Region by its name.
   *
   * The library does not know what the configuration needs: give the role of a job the permissions to read its dataset and its secrets.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param workloadConfigName name of the configuration
   * @throws if the name is none that the service takes
   */
  public static fromWorkloadConfigName(scope: Construct, id: string, workloadConfigName: string): IAIWorkloadConfig {
    checkProp('workloadConfigName', 'AIEntityName', workloadConfigName);
    return AIWorkloadConfig.fromWorkloadConfigArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: RESOURCE, resourceName: workloadConfigName,
    }));
  }

  /**
   * Imports an existing configuration by its ARN.
   *
   * The library does not know what the configuration needs: give the role of a job the permissions to read its dataset and its secrets.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param workloadConfigArn ARN of the configuration
   * @throws if it has a '*' or a '?', or is the ARN of something else
   */
  public static fromWorkloadConfigArn(scope: Construct, id: string, workloadConfigArn: string): IAIWorkloadConfig {
    checkOneResource('workloadConfigArn', workloadConfigArn);
    if (!Token.isUnresolved(workloadConfigArn) && !workloadConfigArn.includes(`:${RESOURCE}/`)) {
      throw new Error(`\`workloadConfigArn\` must be the ARN of a workload: 'arn:aws:sagemaker:<region>:<account>:${RESOURCE}/<name>',`
        + ` got: '${workloadConfigArn}'.`);
    }
    class Import extends Resource implements IAIWorkloadConfig {
      public readonly workloadConfigArn = workloadConfigArn;
      public readonly workloadConfigName = endOf(workloadConfigArn);
    }
    return new Import(scope, id, { environmentFromArn: workloadConfigArn });
  }

  /** ARN of the configuration. */
  public readonly workloadConfigArn: string;
  /** Name of the configuration. What uses it waits for the configuration. */
  public readonly workloadConfigName: string;
  /** Tags of the configuration. Changing them replaces nothing. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, TYPE);

  /**
   * Defines a configuration of a workload.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param props the workload, and the configuration's name
   * @throws if the name has anything but lower-case letters and digits, or the value of a secret would be in the template
   */
  constructor(scope: Construct, id: string, props: AIWorkloadConfigProps) {
    super(scope, id);
    checkIsA('workload', props.workload, '_bind', 'what a method of `Workload` returns');
    checkName(props.workloadConfigName);
    const { spec, parameters, channels, secrets, usesDataset } = props.workload._bind(this);
    Object.keys(parameters).forEach((name) => warnOfName(this, `parameters.${name}`, name, WORKLOAD_PARAMETERS, 'all'));
    const content = prune({
      AIWorkloadConfigs: { WorkloadSpec: { Inline: this.inline(spec, parameters) } },
      DatasetConfig: channels.length === 0 ? undefined : {
        InputDataConfig: channels.map(({ channelName, object }) => ({
          ChannelName: channelName, DataSource: { S3DataSource: { S3Uri: object.url } },
        })),
      },
    })!;
    // The oldest supported aws-cdk-lib has no class for it. This form gives one template with all versions.
    const resource = new CfnResource(this, 'Resource', {
      type: TYPE,
      properties: {
        AIWorkloadConfigName: props.workloadConfigName ?? this.nameFor(content),
        ...content,
        Tags: renderTags(this.cdkTagManager),
      },
    });
    this.workloadConfigArn = Token.asString(resource.getAtt('AIWorkloadConfigArn'));
    this.workloadConfigName = endOf(this.workloadConfigArn);
    workloadFacts.keep(this, {
      content,
      usesDataset,
      grantUse: (grantee) => {
        channels.forEach(({ object }) => object.grantRead(grantee));
        secrets.forEach((secret) => grantSecret(secret, grantee));
      },
    });
  }

  /** The specification as text, with sorted names: their order does not count, so it must replace nothing. */
  private inline(spec: unknown, parameters: Readonly<Record<string, unknown>>): string {
    return Lazy.string({
      produce: () => {
        const stack = Stack.of(this);
        checkNoSecretValue(stack.resolve(parameters));
        return stack.toJsonString(sorted(spec));
      },
    });
  }

  private nameFor(content: unknown): string {
    const readable = Names.uniqueId(this).toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, READABLE);
    // The address tells apart paths that differ only in what a name cannot have.
    const hash = Lazy.string({ produce: () => digest(canonical([this.node.addr, Stack.of(this).resolve(content)]), HASH) });
    return `${stackPrefixToken()}${readable}${hash}`;
  }
}

function checkName(name: string | undefined): void {
  if (name === undefined || Token.isUnresolved(name)) { return; }
  if (!/^[a-z0-9]{1,63}$/.test(name)) {
    throw new Error(`\`workloadConfigName\` must have 1 to 63 lower-case letters and digits, got: '${name}'. When the service deletes, it looks for the name`
      + ' in lower case, so a configuration with a capital could never be deleted.');
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) { return Token.isUnresolved(value) ? value : value.map(sorted); }
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) { return value; }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, sorted(part)]));
}
