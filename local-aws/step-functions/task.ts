import { StateFailure } from './failure';
import { SdkService, sdkServices } from './sdk';
import { Events } from '../events';
import { Iam } from '../iam';
import { AwsError, Call, Lacking, Region } from '../kernel';
import { Lambda } from '../lambda';

/** The call of a Task state, with its parameters, as the machine's role. */
export interface Task {
  readonly service: string;
  readonly action: string;
  readonly run: (parameters: any, call: Call) => Promise<unknown>;
}

/** Integrations of AWS that are not here. Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */
const OPTIMIZED = 'apigateway|athena|batch|bedrock|codebuild|databrew|dynamodb|ecs|eks|elasticmapreduce|emr-containers|emr-serverless|glue|http|mediaconvert|sagemaker|sns|sqs|states';
const LACKING = new RegExp([
  `states:::((${OPTIMIZED}):\\w+(\\.sync(:2)?|\\.waitForTaskToken)?`,
  '(lambda:invoke|events:putEvents)\\.waitForTaskToken',
  'aws-sdk:\\w+:[a-z]\\w*(\\.waitForTaskToken)?)$',
].join('|') + '|states:[\\w-]+:\\d{12}:activity:[^:]+$|lambda:[\\w-]+:\\d{12}:function:[\\w-]+:[\\w$-]+$');

/** The task of a Resource; an error if the local AWS cannot run it. */
export function taskOf(resource: string, region: Region): Task {
  const [, service, action] = new RegExp(`^arn:${region.partition}:states:::(aws-sdk:eventbridge|aws-sdk:\\w+|events|lambda):(\\w+)$`).exec(resource) ?? [];
  const sdk = sdkServices(region).get(service?.replace('aws-sdk:', '') ?? '');
  if (sdk) {
    const operation = `${action[0].toUpperCase()}${action.slice(1)}`;
    if (/^[a-z]/.test(action) && sdk.has(operation)) {
      return { service, action, run: (parameters, call) => callSdk(sdk, operation, parameters ?? {}, call) };
    }
  } else if (action === 'putEvents' && (service === 'events' || service === 'aws-sdk:eventbridge')) {
    return { service, action, run: (parameters, call) => putEvents(parameters ?? {}, call, service === 'events') };
  } else if (service === 'lambda' && action === 'invoke') {
    return {
      service,
      action,
      run: async (parameters, call) => ({
        ExecutedVersion: '$LATEST', Payload: await invoke(parameters?.FunctionName, parameters?.Payload ?? {}, call), StatusCode: 200,
      }),
    };
  } else if (new RegExp(`^arn:${region.partition}:lambda:[\\w-]+:\\d{12}:function:[\\w-]+$`).test(resource)) {
    return { service: 'lambda', action: 'function', run: (parameters, call) => invoke(resource, parameters, call) };
  }
  if (new RegExp(`^arn:${region.partition}:(${LACKING.source})`).test(resource)) { throw new Lacking(`The resource ${resource} is not supported by the local AWS`); }
  throw new Error(`The resource ${resource} is not supported`);
}

async function callSdk({ title, call: send, names }: SdkService, operation: string, parameters: unknown, call: Call): Promise<unknown> {
  try {
    call.region.room(Iam).check(call, title.toLowerCase(), operation, parameters);
    return asJson(await send(operation, parameters, call)) ?? {};
  } catch (error) {
    if (!(error instanceof AwsError)) { throw error; }
    const name = names(operation, error.code) ? error.code.replace(/(Exception)?$/, 'Exception') : `${title}Exception`;
    throw new StateFailure(`${title}.${name}`, `${error.message} (Service: ${title}, Status Code: ${error.status}, Request ID: ${call.requestId})`);
  }
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html, except for the ARNs that the optimized task adds to Resources. */
async function putEvents(parameters: any, call: Call, optimized: boolean): Promise<unknown> {
  const { region, requestId } = call;
  const asText = (entry: any) => (typeof entry?.Detail === 'object' ? { ...entry, Detail: JSON.stringify(entry.Detail) } : entry);
  const request = optimized && Array.isArray(parameters.Entries) ? { ...parameters, Entries: parameters.Entries.map(asText) } : parameters;
  let answer: any;
  try {
    region.room(Iam).check(call, 'events', 'PutEvents', request);
    answer = await region.room(Events).operations.PutEvents(request, call);
  } catch (error) {
    if (!(error instanceof AwsError)) { throw error; }
    throw new StateFailure('EventBridge.EventBridgeException',
      `${error.message} (Service: EventBridge, Status Code: ${error.status}, Request ID: ${requestId})`);
  }
  if (optimized && answer.FailedEntryCount > 0) { throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(answer)); }
  return answer;
}

async function invoke(functionName: string, payload: unknown, call: Call): Promise<unknown> {
  let result;
  try {
    call.region.room(Iam).check(call, 'lambda', 'Invoke', { FunctionName: functionName });
    result = await call.region.room(Lambda).invoke(functionName, payload);
  } catch (error) {
    if (!(error instanceof AwsError)) { throw error; }
    const name = error.code === 'ResourceNotFoundException' ? error.code : 'AWSLambdaException';
    throw new StateFailure(`Lambda.${name}`, `${error.message} (Service: AWSLambda; Status Code: ${error.status}; Error Code: ${error.code})`);
  }
  if (result.error) { throw new StateFailure(result.error.errorType || 'Lambda.Unknown', JSON.stringify(result.error)); }
  return asJson(result.payload ?? null);
}

/** Converts an answer to a state's result: times become text, and so do numbers that JSON lacks. */
function asJson(value: any): any {
  if (value instanceof Date) { return value.toISOString(); }
  if (typeof value === 'number' && !Number.isFinite(value)) { return String(value); }
  if (Array.isArray(value)) { return value.map(asJson); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([name, inner]) => [name, asJson(inner)]));
}
