import { App, Stack, Token } from 'aws-cdk-lib/core';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import fc from 'fast-check';
import { ContainerImage, Model, ModelContainer } from '../../../src';
import { packageIn } from '../../harness/constructs';

const stackIn = (region?: string) => new Stack(new App(), 'Stack', { env: { account: '111111111111', region } });
const uriOf = (account: string, region: string, image = 'sagemaker-xgboost:1.3-1') => `${account}.dkr.ecr.${region}.amazonaws.com/${image}`;
const inModel = (stack: Stack, uri: string) => { new Model(stack, 'Model', { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry(uri))] }); };
const inPackage = (stack: Stack, uri: string) => { packageIn(stack as any, { containers: [{ image: ContainerImage.fromRegistry(uri) }] }); };
function use(uri: string, region?: string): void {
  [inModel, inPackage].forEach((make) => make(stackIn(region), uri));
}
const DLC = (region: string) => Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT);

describe('an image of AWS\'s own registry of another Region is refused, with the account of the stack\'s Region', () => {
  test.each([
    ['another Region', uriOf('683313688378', 'us-east-1')],
    ['the Region changed, and not the account', uriOf('683313688378', 'eu-west-1')],
  ])('%s', (_what, uri) => {
    expect(() => use(uri, 'eu-west-1')).toThrow(`must be in the stack's Region eu-west-1, got: '${uri}', which is AWS's registry of another Region.`
      + ' Use account 141502667606 and eu-west-1 in its URI.');
  });

  test('each framework image of each two Regions that the CDK knows', () => {
    const regions = Fact.regions.filter(DLC);
    expect(regions.length).toBeGreaterThan(20);
    fc.assert(fc.property(fc.constantFrom(...regions), fc.constantFrom(...regions), (of, region) => {
      const made = () => use(uriOf(DLC(of)!, of, 'pytorch-inference:2.1'), region);
      if (of === region) { made(); } else { expect(made).toThrow(`Use account ${DLC(region)} and ${region} in its URI.`); }
    }), { numRuns: 20 });
  });
});

test.each([['a model', inModel], ['a package', inPackage]])('so is an image of one\'s own in another Region, in %s', (_what, make) => {
  expect(() => make(stackIn('eu-west-1'), uriOf('222222222222', 'us-east-1', 'mine:1'))).toThrow(/must be in the stack's Region eu-west-1, got: .* copy the image/);
});

test('nothing is refused where the stack\'s or the image\'s Region is not known, or there is no registry of ECR', () => {
  use(uriOf('683313688378', 'us-east-1'), 'us-east-1');
  use(uriOf('683313688378', 'us-east-1'));
  use(uriOf(Token.asString({ Ref: 'Account' }), 'us-east-1'), 'eu-west-1');
  use(uriOf('683313688378', Token.asString({ Ref: 'AWS::Region' })), 'eu-west-1');
  use('public.ecr.aws/mine:1', 'eu-west-1');
  // A Region that no table has yet.
  use(uriOf('683313688378', 'xx-new-1'), 'xx-new-1');
});
