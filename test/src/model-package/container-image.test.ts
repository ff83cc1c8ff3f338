import { Aws } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContainerImage } from '../../../src';
import { deployed, idOf, late, newStack, permissionsOf, XGBOOST } from '../../harness/constructs';

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** What a role may do once it may pull the image. */
function granted(image: ContainerImage, stack = newStack()): Record<string, string[]> {
  image._grantPull(new Role(stack, 'Puller', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
  const resources = deployed(stack);
  return permissionsOf(resources, idOf(resources, 'Puller'));
}

function pulling(repository: string): Record<string, string[]> {
  return { ...Object.fromEntries(PULL.map((action) => [action, [repository]])), 'ecr:GetAuthorizationToken': ['*'] };
}

test.each<[string, string, string]>([
  ['another account\'s', XGBOOST, 'us-east-1:683313688378:repository/sagemaker-xgboost'],
  ['a nested name with a digest', '683313688378.dkr.ecr.eu-west-1.amazonaws.com/a/b@sha256:0123', 'eu-west-1:683313688378:repository/a/b'],
  ['no tag', '683313688378.dkr.ecr.eu-west-1.amazonaws.com/plain', 'eu-west-1:683313688378:repository/plain'],
  ['FIPS', '683313688378.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a:1', 'us-gov-west-1:683313688378:repository/a'],
  ['two stacks', '683313688378.dkr-ecr.eu-west-1.on.aws/a:1', 'eu-west-1:683313688378:repository/a'],
  ['an isolated partition', '683313688378.dkr.ecr.us-iso-east-1.c2s.ic.gov/a:1', 'us-iso-east-1:683313688378:repository/a'],
  ['China', '683313688378.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1', 'cn-north-1:683313688378:repository/a'],
])('an image in ECR by its URI (%s) may be pulled from its own repository only', (_what, uri, repository) => {
  const image = ContainerImage.fromRegistry(uri);
  expect(image.uri).toBe(uri);
  expect(granted(image)).toEqual(pulling(`arn:aws:ecr:${repository}`));
});

test('an image outside ECR needs no grant', () => {
  const stack = newStack();
  ContainerImage.fromRegistry('public.example/xgboost:1')._grantPull(new Role(stack, 'Puller', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
  expect(Object.values(deployed(stack)).map(({ Type }) => Type)).toEqual(['AWS::IAM::Role']);
});

test('an image of the stack\'s own account and Region may be pulled from its own repository only', () => {
  const image = ContainerImage.fromRegistry(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/team/xgboost:1.3`);
  expect(granted(image)).toEqual(pulling('arn:aws:ecr:us-east-1:111111111111:repository/team/xgboost'));
});

test('behind a token may stand any repository, but nothing besides ECR', () => {
  const image = ContainerImage.fromRegistry(late.text(XGBOOST));
  expect(granted(image)).toEqual(pulling('arn:aws:ecr:*:*:repository/*'));
});

test.each<[string | undefined, string]>([
  [undefined, ':latest'],
  ['1.3', ':1.3'],
  ['sha256:0123', '@sha256:0123'],
])('an image of a repository of the app, by the tag or digest %s', (tag, end) => {
  const stack = newStack();
  const image = ContainerImage.fromEcrRepository(new Repository(stack, 'Images'), tag);
  expect(JSON.stringify(stack.resolve(image.uri))).toContain(`${end}"`);
  const permissions = granted(image, stack);
  expect(permissions).toEqual(pulling(permissions['ecr:BatchGetImage'][0]));
  expect(permissions['ecr:BatchGetImage']).toEqual([expect.stringMatching(/^arn:aws:ecr:us-east-1:111111111111:repository\/images[0-9a-f]{8}$/)]);
});
