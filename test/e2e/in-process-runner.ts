import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { accountReader } from '../../lambda/runtime/account';
import { cloudWatch } from '../../lambda/runtime/cloudwatch';
import { stepFunctionsExecutions } from '../../lambda/runtime/executions';
import { s3Objects, storedObjects } from '../../lambda/runtime/objects';
import { cloudFormationStacks } from '../../lambda/runtime/stacks';
import { LocalAwsOptions } from '../../local-aws';
import { InvocationResult, LambdaFunction, ProcessRunner, writeLog } from '../../local-aws/lambda';
import { issueCredentials } from '../../local-aws/sts';
import { waitMachineVariable } from '../../src/contract/start';
import { handlers, kindOf } from '../harness/handlers';

type Handler = (payload: any) => Promise<unknown>;

/**
 * Runs the library's handlers in the process of the tests, with clients of the SDK and credentials of the function's role: where many events come and
 * the process is not what is tested, starting one for each takes longer than all else.
 */
export class InProcessRunner extends ProcessRunner {
  /** The SDK waits in real time for a rate, and virtual time stands still meanwhile: what is tested here is not throttled, unless it is what is tested. */
  public static unthrottled(options: Pick<LocalAwsOptions, 'lambdaRunner'>): Pick<LocalAwsOptions, 'rates'> {
    return options.lambdaRunner instanceof InProcessRunner ? { rates: [] } : {};
  }

  /** Nothing leads the connections of this process: it answers to the local AWS's own address. */
  public override readonly leadsAwsNames = false;
  private readonly loaded = new Map<LambdaFunction, Handler>();

  public override async run(fn: LambdaFunction, payload: unknown, awsRequestId: string): Promise<InvocationResult> {
    const kind = kindOf(fn);
    // A replica's function assumes roles, which only its own process does.
    if (kind === undefined || kind === 'replica') { return super.run(fn, payload, awsRequestId); }
    if (!this.loaded.has(fn)) { this.loaded.set(fn, handlers(depsOf(fn))[kind]); }
    try {
      return { payload: await this.loaded.get(fn)!(JSON.parse(JSON.stringify(payload))) ?? null };
    } catch (error) {
      return { error: { errorType: (error as Error).name, errorMessage: (error as Error).message } };
    }
  }
}

/** As a function puts its answer, but for the deadline, which is real time here and says how fast the machine is. */
async function put(url: string, body: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'PUT', body: Buffer.from(body), headers: { 'content-type': '' } });
  if (!ok) { throw new Error(`CloudFormation refused the answer with status ${status}.`); }
}

function depsOf(fn: LambdaFunction) {
  const { functionName, roleArn, environment, region } = fn;
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = issueCredentials(region.world, {
    account: region.account, arn: `arn:${region.partition}:sts::${region.account}:assumed-role/${roleArn.split('/').pop()}/${functionName}`,
  });
  const config = { endpoint: region.world.endpoint, region: region.name, credentials: { accessKeyId, secretAccessKey, sessionToken } };
  const sagemaker = new SageMakerClient(config);
  return {
    sagemaker,
    objects: s3Objects(sagemaker.config, config.endpoint),
    stored: storedObjects(sagemaker.config, config.endpoint),
    stacks: cloudFormationStacks(sagemaker.config, config.endpoint),
    account: accountReader(sagemaker.config, config.endpoint, config.endpoint),
    stepFunctions: stepFunctionsExecutions(sagemaker.config, config.endpoint),
    waitMachineArn: (family: string) => environment[waitMachineVariable(family)],
    ssm: new SSMClient(config),
    autoScaling: new ApplicationAutoScalingClient(config),
    alarms: cloudWatch(sagemaker.config, config.endpoint),
    metrics: cloudWatch(sagemaker.config, config.endpoint),
    clock: region.clock,
    put,
    log: (entry: object) => writeLog(fn, JSON.stringify(entry)),
  };
}
