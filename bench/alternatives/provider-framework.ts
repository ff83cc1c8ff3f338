import { CustomResource, Duration } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';

export interface ProviderOptions {
  /** The folder of the bundled handler. */
  readonly code: string;
  /** @default - the framework's own default, 5 seconds */
  readonly queryInterval?: Duration;
}

/** A provider as a user of the framework writes it: one handler for the start and one for the end. */
export function benchmarkProvider(scope: Construct, id: string, { code, queryInterval }: ProviderOptions): Provider {
  const handler = (name: string, method: string) => {
    const fn = new LambdaFunction(scope, `${id}${name}`, {
      runtime: Runtime.NODEJS_22_X, handler: `index.${method}`, code: Code.fromAsset(code), timeout: Duration.minutes(1),
    });
    fn.addToRolePolicy(new PolicyStatement({
      actions: ['sagemaker:*InferenceRecommendationsJob', 'iam:PassRole'], resources: ['*'],
    }));
    return fn;
  };
  return new Provider(scope, id, {
    onEventHandler: handler('OnEvent', 'onEvent'),
    isCompleteHandler: handler('IsComplete', 'isComplete'),
    queryInterval,
    totalTimeout: Duration.hours(1),
  });
}

export interface BenchmarkProps {
  readonly modelPackageArn: string;
  readonly provider: Provider;
  readonly description?: string;
}

/** One job behind a provider. */
export class Benchmark extends Construct {
  public readonly instanceType: string;

  constructor(scope: Construct, id: string, { modelPackageArn, provider, description }: BenchmarkProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerFullAccess')],
    });
    const job = new CustomResource(this, 'Resource', {
      serviceToken: provider.serviceToken,
      properties: { RoleArn: role.roleArn, ModelPackageVersionArn: modelPackageArn, JobDescription: description },
    });
    this.instanceType = job.getAttString('InstanceType');
  }
}
