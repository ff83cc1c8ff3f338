import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Aspects, PermissionsBoundary as BoundaryOfStack, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CfnRole, ManagedPolicy, PermissionsBoundary, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BenchmarkTarget, ContainerImage, InferenceRecommendationsJob, Model, ModelContainer, ModelData } from '../../../src';
import { deployed, idOf, jobIn, newStack, ofType, packageIn, permissionsOf, Resources, SCRATCH } from '../../harness/constructs';

const QUERY = new PolicyStatement({ actions: ['athena:GetQueryResults'], resources: ['arn:aws:athena:us-east-1:111111111111:workgroup/w'] });

function benchmark(): { stack: Stack; job: InferenceRecommendationsJob } {
  const stack = newStack();
  return { stack, job: jobIn(stack) };
}

const startOf = (resources: Resources) => ofType(resources, 'Custom::InferenceRecommendationsJob')[0];
const roleOf = (resources: Resources) => resources[idOf(resources, 'JobRole')];

describe('the role that a job is given if it has none is one as the CDK makes them', () => {
  test('what is granted to it stands in a policy of its own, which is there before the job starts', () => {
    const { stack, job } = benchmark();
    job.role.addToPrincipalPolicy(QUERY);
    new Bucket(stack, 'Data').grantRead(job.role);
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'JobRole'))).toMatchObject({
      'athena:GetQueryResults': QUERY.resources, 's3:List*': expect.anything(),
    });
    expect(startOf(resources).DependsOn).toContain(idOf(resources, 'JobRoleDefaultPolicy'));
    // What a resource of the same account grants, its own policy need not.
    expect(ofType(resources, 'AWS::S3::BucketPolicy')).toEqual([]);
  });

  test('a key of the app that trusts IAM is used by what the role may do', () => {
    const { stack, job } = benchmark();
    const key = new Key(stack, 'Key');
    key.grantDecrypt(job);
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'JobRole'))['kms:Decrypt']).toHaveLength(1);
    expect(JSON.stringify(ofType(resources, 'AWS::KMS::Key')[0].Properties.KeyPolicy)).not.toContain('kms:Decrypt');
  });

  test('managed policies are added, each once', () => {
    const { stack, job } = benchmark();
    const managed = [ManagedPolicy.fromAwsManagedPolicyName('AmazonAthenaFullAccess'), new ManagedPolicy(stack, 'Own', { statements: [QUERY] })];
    [...managed, ...managed].forEach((policy) => job.role.addManagedPolicy(policy));
    const resources = deployed(stack);
    expect(roleOf(resources).Properties.ManagedPolicyArns).toEqual([
      idOf(resources, 'InferenceRecommenderRuntimeBenchmarkPolicy'), 'arn:aws:iam::aws:policy/AmazonAthenaFullAccess', idOf(resources, 'Own'),
    ]);
  });

  test('policies are attached, from either side', () => {
    const { stack, job } = benchmark();
    job.role.attachInlinePolicy(new Policy(stack, 'One', { statements: [QUERY] }));
    new Policy(stack, 'Other', { statements: [QUERY] }).attachToRole(job.role);
    const resources = deployed(stack);
    expect(['One', 'Other'].map((id) => resources[idOf(resources, id)].Properties.Roles)).toEqual([[idOf(resources, 'JobRole')], [idOf(resources, 'JobRole')]]);
  });

  test('it can be passed and assumed by whom the user lets', () => {
    const { stack, job } = benchmark();
    const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    job.role.grantPassRole(caller);
    job.role.grantAssumeRole(caller);
    job.role.grant(caller, 'iam:GetRole');
    const resources = deployed(stack);
    const own = [`arn:aws:iam::111111111111:role/${idOf(resources, 'JobRole')}`];
    expect(permissionsOf(resources, idOf(resources, 'Caller'))).toEqual({ 'iam:PassRole': own, 'sts:AssumeRole': own, 'iam:GetRole': own });
  });

  test('a bucket\'s policy may name it', () => {
    const { stack, job } = benchmark();
    const bucket = new Bucket(stack, 'Data');
    bucket.addToResourcePolicy(new PolicyStatement({ principals: [job.role], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }));
    const resources = deployed(stack);
    const [{ Properties }] = ofType(resources, 'AWS::S3::BucketPolicy');
    expect(Properties.PolicyDocument.Statement[0].Principal).toEqual({ AWS: `arn:aws:iam::111111111111:role/${idOf(resources, 'JobRole')}` });
  });

  test('tags, permissions boundaries and aspects reach it', () => {
    const { stack, job } = benchmark();
    Tags.of(job).add('team', 'ml');
    PermissionsBoundary.of(job).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'));
    const seen: string[] = [];
    Aspects.of(job).add({ visit: (node) => { if (node instanceof CfnRole) { seen.push(node.node.path); } } });
    const { Properties } = roleOf(deployed(stack));
    expect(Properties).toMatchObject({ Tags: [{ Key: 'team', Value: 'ml' }], PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary' });
    expect(seen).toEqual(['Shop/Job/Role/Resource']);
  });

  test('the boundary of its stack reaches all roles that the library makes', () => {
    const app = new App({ outdir: join(SCRATCH, 'boundary'), context: { 'aws:cdk:disable-asset-staging': true } });
    const stack = new Stack(app, 'Stack', { permissionsBoundary: BoundaryOfStack.fromName('boundary') });
    new Model(stack, 'Model', { recommendation: jobIn(stack).addRecommendation('Best') });
    const roles = ofType(deployed(stack), 'AWS::IAM::Role');
    expect(roles).toHaveLength(7);
    roles.forEach(({ Properties }) => expect(Properties.PermissionsBoundary).toMatch(/:policy\/boundary$/));
  });
});

test('where the app brings its roles, none is made, and the report says what each must be allowed', () => {
  const app = new App({ outdir: join(SCRATCH, 'precreated'), context: { 'aws:cdk:disable-asset-staging': true } });
  const names = ['Job/Role', 'Model/Role', ...['Start/Role', 'WaitEnd/Role', 'Recommend/Role', 'Model/Role', 'WaitRole'].map((role) => `InferenceRecommenderRuntime/${role}`)];
  Role.customizeRoles(app, {
    usePrecreatedRoles: Object.fromEntries(names.map((name) => [`Stack/${name}`, name.split('/').join('-')])),
  });
  const stack = new Stack(app, 'Stack');
  const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)) });
  new Model(stack, 'Model', { recommendation: job.addRecommendation('Best') });
  const { directory } = app.synth();
  const resources: Resources = JSON.parse(readFileSync(join(directory, 'Stack.template.json'), 'utf8')).Resources;
  expect(Object.values(resources).filter(({ Type }) => /^AWS::IAM::(Role|ManagedPolicy)$/.test(Type))).toEqual([]);
  expect(JSON.stringify(startOf(resources).Properties.Request.RoleArn)).toContain(':role/Job-Role');
  const { roles } = JSON.parse(readFileSync(join(directory, 'iam-policy-report.json'), 'utf8'));
  const reported = (path: string) => JSON.stringify(roles.find(({ roleConstructPath }: any) => roleConstructPath === path));
  expect(reported('Stack/Job/Role')).toMatch(/sagemaker:CreateEndpoint".*s3:GetObject/);
  expect(reported('Stack/Model/Role')).toContain('s3:GetObject');
  expect(reported('Stack/InferenceRecommenderRuntime/Start/Role')).toMatch(/sagemaker:CreateInferenceRecommendationsJob".*iam:PassRole/);
  expect(reported('Stack/InferenceRecommenderRuntime/Model/Role')).toMatch(/sagemaker:DeleteModel.*sagemaker:DescribeCompilationJob/);
  expect(reported('Stack/InferenceRecommenderRuntime/WaitRole')).toContain('lambda:InvokeFunction');
});

test('a repository and a bucket of the app are read by what the model\'s role may do, and need no policy of their own for it', () => {
  const stack = new Stack(new App({ outdir: join(SCRATCH, 'own-artifacts'), context: { 'aws:cdk:disable-asset-staging': true } }), 'Stack', {
    env: { account: '111111111111', region: 'us-east-1' },
  });
  const image = ContainerImage.fromEcrRepository(new Repository(stack, 'Images'));
  const modelData = ModelData.fromBucket(new Bucket(stack, 'Artifacts'), 'model.tar.gz');
  new Model(stack, 'Model', { containers: [ModelContainer.fromImage(image, { modelData })] });
  const template = Template.fromStack(stack);
  expect(Object.values(template.findResources('AWS::ECR::Repository'))[0].Properties ?? {}).not.toHaveProperty('RepositoryPolicyText');
  template.resourceCountIs('AWS::S3::BucketPolicy', 0);
  expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toMatch(/ecr:BatchGetImage.*s3:GetObject/);
});
