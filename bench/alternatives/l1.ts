import { Aws, Fn } from 'aws-cdk-lib';
import { CfnCustomResource } from 'aws-cdk-lib/aws-cloudformation';
import { CfnPolicy, CfnRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnEndpoint, CfnEndpointConfig, CfnModelPackage, CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { BUCKET, IMAGE, MODEL_DATA, PAYLOAD } from '../apps/artifacts';

const trust = (service: string) => ({
  Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
});
type Statement = readonly [actions: readonly string[], ...resources: string[]];
const policy = (...statements: readonly Statement[]) => ({
  Version: '2012-10-17', Statement: statements.map(([Action, ...Resource]) => ({ Effect: 'Allow', Action, Resource })),
});
const arn = (service: string, resource: string) => `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
const bucket = `arn:${Aws.PARTITION}:s3:::${BUCKET}`;
/** The prefixes of names: SageMaker's own start with these, and the user's jobs start with a part of the stack's id. */
const NAMES = [`${Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))))}-*`, 'sm-epc-*', 'neo-*'];
const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'];
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];

/** The permissions that a container needs: the same statements as this library writes. */
const container: readonly Statement[] = [
  [LOGS, arn('logs', 'log-group:/aws/sagemaker/*')],
  [['cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken'], '*'],
  [PULL, `arn:${Aws.PARTITION}:ecr:us-east-1:683313688378:repository/sagemaker-xgboost`],
  [['s3:GetObject'], `${bucket}/${MODEL_DATA}`],
  [['s3:ListBucket'], bucket],
  [['s3:GetObject'], `${bucket}/${PAYLOAD}`],
];

/** The permissions that a job needs in the account. */
const benchmark: readonly Statement[] = [
  ...container,
  [
    [
      'CreateModel', 'DescribeModel', 'DeleteModel', 'CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig', 'CreateEndpoint',
      'DescribeEndpoint', 'DeleteEndpoint', 'InvokeEndpoint', 'UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities', 'CreateCompilationJob',
      'DescribeCompilationJob', 'StopCompilationJob', 'AddTags',
    ].map((action) => `sagemaker:${action}`),
    ...['model', 'endpoint-config', 'endpoint', 'compilation-job'].flatMap((kind) => NAMES.map((name) => arn('sagemaker', `${kind}/${name}`))),
  ],
];

/** The shared part of a stack, in L1s: as many resources as ours, without checks or derived values, and one folder of code for all functions. */
export function sharedByHand(scope: Construct, path: string): string {
  const { s3BucketName: s3Bucket, s3ObjectKey: s3Key } = new Asset(scope, 'Code', { path });
  const roleOf = (id: string, service: string) => {
    const policyDocument = policy([['sagemaker:*'], arn('sagemaker', `*/${NAMES[0]}`)], [['logs:PutLogEvents'], arn('logs', '*')]);
    const role = new CfnRole(scope, `${id}Role`, { assumeRolePolicyDocument: trust(service), policies: [{ policyName: id, policyDocument }] });
    return role.attrArn;
  };
  const logs = new CfnLogGroup(scope, 'Logs', { retentionInDays: 90 });
  const functions = ['Start', 'WaitEnd', 'Recommend', 'Model'].map((id) => new CfnFunction(scope, id, {
    code: { s3Bucket, s3Key }, handler: 'index.handler', runtime: 'nodejs22.x', role: roleOf(id, 'lambda.amazonaws.com'), loggingConfig: { logGroup: logs.ref },
  }));
  new CfnStateMachine(scope, 'Wait', {
    roleArn: roleOf('Wait', 'states.amazonaws.com'), definitionString: Fn.sub('{"StartAt":"Poll","States":{"Poll":{"Type":"Pass","End":true}}}'),
  });
  new CfnModelPackageGroup(scope, 'Group', { modelPackageGroupName: 'group' });
  return functions[0].attrArn;
}

/** The CDK's own role with its policy, as users pass it and grant to it. */
export function roleOfCdk(scope: Construct, id: string, statements: readonly Statement[]): string {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  statements.forEach(([actions, ...resources]) => role.addToPolicy(new PolicyStatement({ actions: [...actions], resources })));
  return role.roleArn;
}

function roleByHand(scope: Construct, id: string, statements: readonly Statement[]): string {
  const role = new CfnRole(scope, id, { assumeRolePolicyDocument: trust('sagemaker.amazonaws.com') });
  new CfnPolicy(scope, `${id}Policy`, { policyName: id, roles: [role.ref], policyDocument: policy(...statements, [['iam:PassRole'], role.attrArn]) });
  return role.attrArn;
}

/** A construct as a user writes it for more than one such chain. */
export class ChainByHand extends Construct {
  constructor(scope: Construct, id: string, serviceToken: string, role?: typeof roleByHand) {
    super(scope, id);
    chainByHand(this, '', serviceToken, role);
  }
}

/** A package, its job, a recommendation, a model, a configuration and an endpoint, in as many L1s as this library creates. */
export function chainByHand(scope: Construct, id: string, serviceToken: string, role: typeof roleByHand = roleByHand): void {
  const modelPackage = new CfnModelPackage(scope, `${id}Package`, {
    modelPackageGroupName: 'group',
    domain: 'MACHINE_LEARNING',
    task: 'CLASSIFICATION',
    samplePayloadUrl: `s3://${BUCKET}/${PAYLOAD}`,
    inferenceSpecification: {
      containers: [{ image: IMAGE, modelDataUrl: `s3://${BUCKET}/${MODEL_DATA}`, framework: 'XGBOOST', frameworkVersion: '1.3-1' }],
      supportedContentTypes: ['text/csv'],
      supportedResponseMimeTypes: ['text/csv'],
    },
  });
  const describe: Statement = [['sagemaker:DescribeModelPackage'], modelPackage.attrModelPackageArn];
  const custom = (name: string, properties: object) => {
    const resource = new CfnCustomResource(scope, `${id}${name}`, { serviceToken });
    Object.entries(properties).forEach(([key, value]) => resource.addPropertyOverride(key, value));
    return resource;
  };
  const job = custom('Job', { JobType: 'Default', RoleArn: role(scope, `${id}JobRole`, [...benchmark, describe]), ModelPackageVersionArn: modelPackage.attrModelPackageArn });
  const wait = custom('Wait1', { JobName: job.ref });
  const best = custom('Best', { JobName: custom('Wait2', { Before: wait.ref }).ref });
  const model = custom('Model', {
    RoleArn: role(scope, `${id}ModelRole`, [...container, describe]), ModelPackageName: modelPackage.attrModelPackageArn, RecommendationId: best.getAtt('RecommendationId').toString(),
  });
  const config = new CfnEndpointConfig(scope, `${id}Config`, {
    productionVariants: [{
      modelName: model.ref, variantName: 'AllTraffic', instanceType: best.getAtt('InstanceType').toString(), initialInstanceCount: 1, initialVariantWeight: 1,
    }],
  });
  new CfnEndpoint(scope, `${id}Endpoint`, { endpointConfigName: config.attrEndpointConfigName });
}
