/**
 * AWS Marketplace's accounts, which own its model packages: one for each Region. The list grows with the Regions.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sagemaker/model_test.go
 */
const ACCOUNTS: Readonly<Record<string, string>> = {
  'ap-northeast-1': '977537786026',
  'ap-northeast-2': '745090734665',
  'ap-south-1': '077584701553',
  'ap-southeast-1': '192199979996',
  'ap-southeast-2': '666831318237',
  'ca-central-1': '470592106596',
  'eu-central-1': '446921602837',
  'eu-north-1': '136758871317',
  'eu-west-1': '985815980388',
  'eu-west-2': '856760150666',
  'eu-west-3': '843114510376',
  'sa-east-1': '270155090741',
  'us-east-1': '865070037744',
  'us-east-2': '057799348421',
  'us-west-1': '382657785993',
  'us-west-2': '594846645681',
};

const PACKAGE_OF = /^arn:[^:]+:sagemaker:[^:]*:(\d{12}):model-package\//;

/** Whether an ARN is that of a model package in AWS Marketplace, as far as its accounts are known. */
export function isMarketplaceArn(arn: string): boolean {
  const account = PACKAGE_OF.exec(arn)?.[1];
  return account !== undefined && Object.values(ACCOUNTS).includes(account);
}
