import { Duration, Stack } from 'aws-cdk-lib';
import { ISecretRef, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { bucket } from './endpoints';
import { ACCOUNT, REGION } from './place';
import { SyntheticWorkloadProps, Workload, WorkloadDataset, WorkloadOptions } from '../../src';

/** The least workload. */
export const TOKENS: SyntheticWorkloadProps = { inputTokens: { mean: 550 }, outputTokens: { mean: 150 } };

export const TOKEN_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:hugging-face-AbCdEf`;

/** A secret that adds nothing to the stack. */
export function tokenSecret(stack: Stack, arn = TOKEN_ARN): ISecretRef {
  return Secret.fromSecretCompleteArn(stack, `Secret${stack.node.children.length}`, arn);
}

/** Every option that kinds of workloads share and that does not exclude another one. */
export function allOptions(stack: Stack): Required<Omit<WorkloadOptions, 'concurrencyLevels' | 'concurrencySearch'>> {
  return {
    tokenizer: 'meta-llama/Llama-3.2-1B',
    huggingFaceToken: tokenSecret(stack),
    secrets: { other: tokenSecret(stack, TOKEN_ARN.replace('hugging-face', 'other')) },
    concurrency: 10,
    requestRate: 5.5,
    arrivalPattern: 'poisson',
    arrivalSmoothness: 1.5,
    prefillConcurrency: 2,
    requestCount: 100,
    conversationCount: 7,
    duration: Duration.minutes(2),
    gracePeriod: Duration.seconds(0),
    requestTimeout: Duration.seconds(30),
    warmup: {
      duration: Duration.seconds(20),
      requestCount: 0,
      concurrency: 3,
      prefillConcurrency: 1,
      requestRate: 0.5,
      arrivalPattern: 'constant',
      gracePeriod: Duration.seconds(5),
      conversationCount: 1,
    },
    streaming: true,
    goodput: { time_to_first_token: Duration.millis(100), inter_token_latency: Duration.millis(10) },
    extraInputs: { ignore_eos: 'true', temperature: '0' },
    modelSelectionStrategy: 'random',
    randomSeed: 0,
    apiStandard: 'openai',
    toolVersion: '0.8.0',
    channels: [{ channelName: 'images', dataset: WorkloadDataset.fromBucketPrefix(bucket(stack, 'images'), 'images/') }],
    parameters: { max_concurrency: 12, verbose: true, image_format: 'png' },
  };
}

/** What a workload says, after it is added to a stack. */
export function specOf(stack: Stack, workload: Workload): any {
  return stack.resolve(workload._bind(stack).spec);
}
