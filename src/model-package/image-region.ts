import { Stack, Token } from 'aws-cdk-lib/core';
import type * as RegionInfo from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { warn } from '../common/warn';

/** A registry whose account and Region are plain text. */
const REGISTRY = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./;

/**
 * The accounts of AWS's own images of XGBoost and scikit-learn, by Region.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
 */
const FRAMEWORK_ACCOUNTS: Readonly<Record<string, string>> = {
  'af-south-1': '510948584623',
  'ap-east-1': '651117190479',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-northeast-3': '867004704886',
  'ap-south-1': '720646828776',
  'ap-south-2': '628508329040',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-southeast-3': '951798379941',
  'ap-southeast-4': '106583098589',
  'ca-central-1': '341280168497',
  'cn-north-1': '450853457545',
  'cn-northwest-1': '451049120500',
  'eu-central-1': '492215442770',
  'eu-central-2': '680994064768',
  'eu-north-1': '662702820516',
  'eu-south-1': '978288397137',
  'eu-south-2': '104374241257',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'me-central-1': '272398656194',
  'me-south-1': '801668240914',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-gov-east-1': '237065988967',
  'us-gov-west-1': '414596584902',
  'us-iso-east-1': '833128469047',
  'us-isob-east-1': '281123927165',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
};

/**
 * Checks that an image is in its stack's Region, as far as both are known: SageMaker pulls images from its own Region.
 *
 * @throws if the registry is one of AWS's own, of another Region
 */
export function checkImageRegion(scope: Construct, prop: string, uri: string): void {
  const [, account, region] = REGISTRY.exec(uri) ?? [];
  const stackRegion = Stack.of(scope).region;
  if (account === undefined || Token.isUnresolved(stackRegion)) { return; }
  // Loaded only here, so that an app without such an image does not load it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Fact, FactName }: typeof RegionInfo = require('aws-cdk-lib/region-info');
  const lists = [(name: string) => FRAMEWORK_ACCOUNTS[name], (name: string) => Fact.find(name, FactName.DLC_REPOSITORY_ACCOUNT)];
  const list = lists.find((accountIn) => [...Fact.regions, ...Object.keys(FRAMEWORK_ACCOUNTS)].some((name) => accountIn(name) === account));
  const own = list?.(stackRegion);
  if (region === stackRegion && (own === undefined || own === account)) { return; }
  const got = `\`${prop}\` must be in the stack's Region ${stackRegion}, got: '${uri}'`;
  if (!list) { return warn(scope, 'ImageRegion', `${got}. SageMaker may not pull it: copy the image to a repository of ${stackRegion}.`); }
  throw new Error(`${got}, which is AWS's registry of another Region. ${own ? `Use account ${own} and ${stackRegion} in its URI.` : `Find AWS's registry of ${stackRegion}.`}`);
}
