import { Aws } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
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

describe('an image of AWS Deep Learning Containers', () => {
  const inRegion = (region: string, repository = 'pytorch-inference', tag = '2.3.0-cpu-py311') => (
    ContainerImage.fromDlc(newStack({ env: { account: '111111111111', region } }), repository, tag));

  test.each([
    ['us-east-1', '763104351884.dkr.ecr.us-east-1.amazonaws.com'],
    ['ap-east-1', '871362719292.dkr.ecr.ap-east-1.amazonaws.com'],
    ['eu-south-1', '692866216735.dkr.ecr.eu-south-1.amazonaws.com'],
    ['cn-northwest-1', '727897471807.dkr.ecr.cn-northwest-1.amazonaws.com.cn'],
  ])('is in the account that the CDK knows for %s', (region, registry) => {
    expect(inRegion(region).uri).toBe(`${registry}/pytorch-inference:2.3.0-cpu-py311`);
    expect(granted(inRegion(region))).toEqual(pulling(`arn:aws:ecr:${region}:${registry.slice(0, 12)}:repository/pytorch-inference`));
  });

  test('is in every Region whose account the CDK knows, and is refused with the remedy in every other', () => {
    for (const { name, dlcRepositoryAccount, domainSuffix } of RegionInfo.regions) {
      if (dlcRepositoryAccount === undefined) {
        expect(() => inRegion(name)).toThrow(new RegExp(`needs a Region in which the CDK knows .+, got: '${name}'\\. .+\`fromRegistry\\(\\)\`\\.$`));
      } else {
        expect(inRegion(name).uri).toBe(`${dlcRepositoryAccount}.dkr.ecr.${name}.${domainSuffix}/pytorch-inference:2.3.0-cpu-py311`);
      }
    }
  });

  test('has its account looked up by the template if only the deploy knows the Region', () => {
    const stack = newStack();
    const image = ContainerImage.fromDlc(stack, 'djl-inference', 'sha256:0123');
    image._grantPull(new Role(stack, 'Puller', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
    const { Mappings } = Template.fromStack(stack).toJSON();
    const [[mapping, accounts]] = Object.entries<any>(Mappings);
    expect(accounts['eu-west-1']).toEqual({ value: '763104351884' });
    const account = { 'Fn::FindInMap': [mapping, { Ref: 'AWS::Region' }, 'value'] };
    expect(stack.resolve(image.uri)).toEqual({
      'Fn::Join': ['', [account, '.dkr.ecr.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/djl-inference@sha256:0123']],
    });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', account, ':repository/djl-inference']] },
        })]),
      },
    });
  });

  test.each(['sagemaker-xgboost', 'sagemaker-scikit-learn', XGBOOST, 'pytorch-inference:2.3', ''])('is not of the repository \'%s\'', (repository) => {
    expect(() => inRegion('us-east-1', repository)).toThrow(`got: '${repository}'. For another image of AWS, pass its whole URI to \`fromRegistry()\`.`);
  });
});
