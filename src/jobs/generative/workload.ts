import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BoundWorkload, fileOf } from './workload-binding';
import { WorkloadDataset } from './workload-data';
import { commonParameters, mergeParameters, pairs, Parameters, tokenParameters } from './workload-parameters';
import {
  DatasetWorkloadProps, PublicDatasetWorkloadProps, SyntheticWorkloadProps, TemplateWorkloadProps, WorkloadOptions,
} from './workload-props';
import { arnOfSecret, checkSecrets, secretsOf } from './workload-secrets';
import { checkIsA, checkProp, firstTwice } from '../../common/check';
import { prune } from '../../common/render';
import { BENCHMARK_TOOL, channelPath } from '../../service/workload-spec';

/** Data of a channel. What the parameters say of it may need the place where it is. */
interface Channel {
  readonly channelName: string;
  readonly data: Pick<WorkloadDataset, '_bind'>;
  readonly parameters?: (url: string) => Parameters;
}

/**
 * The traffic that jobs send to a generative model: how many requests, of how many tokens, and from which source.
 *
 * A workload is a value. `AIWorkloadConfig` makes it a resource that jobs name.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-workload-config.html
 * @example
 * const workload = Workload.synthetic({
 *   inputTokens: { mean: 550, standardDeviation: 150 },
 *   outputTokens: { mean: 150, standardDeviation: 50 },
 *   tokenizer: 'meta-llama/Llama-3.2-1B',
 *   huggingFaceToken: secret,
 *   concurrency: 10,
 * });
 */
export class Workload {
  /**
   * Invented prompts with the given numbers of tokens.
   *
   * @param props tokens of the requests, and the traffic
   * @returns the workload
   * @throws if a figure is out of its range, two props exclude each other, or `parameters` has what a prop gives or a text that looks like a secret
   */
  public static synthetic(props: SyntheticWorkloadProps): Workload {
    return new Workload(props, tokensOf(props));
  }

  /**
   * Requests that you have in S3, e.g. those that an endpoint has captured.
   *
   * @param props the dataset, and the traffic
   * @returns the workload
   * @throws as `synthetic()` does, or if the file's name is no relative path without white space
   */
  public static dataset(props: DatasetWorkloadProps): Workload {
    checkIsA('dataset', props.dataset, '_bind', 'what a method of `WorkloadDataset` returns');
    const channelName = props.channelName ?? 'dataset';
    if (props.fileName !== undefined && !Token.isUnresolved(props.fileName) && !/^[^\s/][^\s]*$/.test(props.fileName)) {
      throw new Error(`\`fileName\` must be relative to the dataset's prefix and have no white space, e.g. 'traffic.jsonl', got: '${props.fileName}'.`);
    }
    return new Workload(props, {
      ...tokenParameters(undefined, props.outputTokens),
      custom_dataset_type: props.datasetType,
      input_file: props.fileName && channelPath(channelName, props.fileName),
      dataset_sampling_strategy: props.sampling,
    }, { channelName, data: props.dataset }, true);
  }

  /**
   * Requests from a public dataset, which the benchmark downloads.
   *
   * @param props name of the dataset, and the traffic
   * @returns the workload
   * @throws as `synthetic()` does, or if the name is empty
   */
  public static publicDataset(props: PublicDatasetWorkloadProps): Workload {
    if (!props.datasetName) { throw new Error('`datasetName` must be the name of a public dataset that AIPerf has, e.g. \'sharegpt\', got none.'); }
    return new Workload(props, {
      ...tokenParameters(undefined, props.outputTokens),
      public_dataset: props.datasetName,
      dataset_sampling_strategy: props.sampling,
    });
  }

  /**
   * Invented prompts in a template of the request, for an endpoint that does not take OpenAI's chat completions.
   *
   * @param props the template, tokens of the requests, and the traffic
   * @returns the workload
   * @throws as `synthetic()` does, or if `extraInputs` has what the template gives
   */
  public static template(props: TemplateWorkloadProps): Workload {
    checkIsA('template', props.template, '_bind', 'what a method of `RequestTemplate` returns');
    const channelName = props.channelName ?? 'template';
    const { extraInputs = {}, responseField } = props;
    const taken = ['payload_template', 'response_field'].find((name) => name in extraInputs);
    if (taken !== undefined) { throw new Error(`\`extraInputs\` must not have '${taken}', because \`template\` and \`responseField\` give it. Remove it.`); }
    const inputs = (path: string) => pairs('extraInputs', {
      payload_template: path, ...responseField === undefined ? {} : { response_field: responseField }, ...extraInputs,
    });
    // Before the template is in a stack, its path is not known, and all else is.
    inputs('request.jinja');
    return new Workload(props, tokensOf(props), {
      channelName, data: props.template, parameters: (url) => ({ extra_inputs: inputs(channelPath(channelName, fileOf(url))) }),
    });
  }

  private readonly channels: readonly Channel[];
  private readonly parameters: Parameters;

  private constructor(private readonly props: WorkloadOptions, own: Parameters, channel?: Channel, private readonly usesDataset = false) {
    this.parameters = { ...commonParameters(props), ...own };
    const further = props.channels ?? [];
    further.forEach(({ dataset }, index) => checkIsA(`channels[${index}].dataset`, dataset, '_bind', 'what a method of `WorkloadDataset` returns'));
    this.channels = [...channel ? [channel] : [], ...further.map(({ channelName, dataset }) => ({ channelName, data: dataset }))];
    this.channels.forEach(({ channelName }) => checkProp('channelName', 'AIChannelName', channelName));
    const twice = firstTwice(this.channels.map(({ channelName }) => channelName));
    if (twice !== undefined) { throw new Error(`\`channels\` must have different names, got '${twice}' twice: set \`channelName\`.`); }
    // A wrong prop is an error where it is written, and not where the workload is used.
    const merged = this.merged(this.channels.map(({ parameters: of }) => of && { extra_inputs: '' }));
    checkSecrets(props, merged);
  }

  /**
   * Adds the workload's data to a stack.
   *
   * @internal
   */
  public _bind(scope: Construct): BoundWorkload {
    const bound = this.channels.map((channel) => ({ ...channel, object: channel.data._bind(scope, `Channel ${channel.channelName}`) }));
    const parameters = this.merged(bound.map(({ parameters: of, object }) => of?.(object.url)));
    const secrets = secretsOf(this.props);
    const { apiStandard, toolVersion } = this.props;
    return {
      parameters,
      spec: prune({
        benchmark: { type: BENCHMARK_TOOL },
        parameters: prune(parameters),
        secrets: prune(Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, arnOfSecret(secret)]))),
        tooling: prune({ api_standard: apiStandard, version: toolVersion }),
      })!,
      channels: bound.map(({ channelName, object }) => ({ channelName, object })),
      secrets: Object.values(secrets),
      usesDataset: this.usesDataset,
    };
  }

  private merged(ofChannels: ReadonlyArray<Parameters | undefined>): Record<string, unknown> {
    return mergeParameters(Object.assign({ ...this.parameters }, ...ofChannels), this.props.parameters);
  }
}

function tokensOf({ inputTokens, outputTokens }: SyntheticWorkloadProps): Parameters {
  for (const [prop, given] of Object.entries({ inputTokens, outputTokens })) {
    if (given === undefined) { throw new Error(`\`${prop}\` is required: the mean number of tokens, e.g. { mean: 550 }.`); }
  }
  return tokenParameters(inputTokens, outputTokens);
}
