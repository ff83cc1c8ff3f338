import { isMarketplaceArn } from '../../src/service/marketplace';
import { invalid } from '../kernel';

/**
 * Refuses a container whose model data contradicts itself. The words are ours.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 */
export function checkModelData(container: any, at: string): void {
  const { ModelDataUrl, ModelDataSource, AdditionalModelDataSources = [], Mode } = container;
  const isMulti = Mode === 'MultiModel';
  if (ModelDataUrl !== undefined && ModelDataSource !== undefined) {
    throw invalid(`${at} must have either ModelDataUrl or ModelDataSource, not both.`);
  }
  if (isMulti && ModelDataSource !== undefined) { throw invalid(`${at}.ModelDataSource must not be given with Mode MultiModel.`); }
  if (ModelDataUrl !== undefined) {
    checkKey(`${at}.ModelDataUrl`, ModelDataUrl);
    // Of a container of many models it is their prefix.
    if (!isMulti && !ModelDataUrl.endsWith('.tar.gz')) {
      throw invalid(`${at}.ModelDataUrl must be the path of a single gzip compressed tar archive (.tar.gz suffix), got: ${ModelDataUrl}`);
    }
  }
  if (ModelDataSource !== undefined) {
    if (ModelDataSource.S3DataSource === undefined) { throw invalid(`${at}.ModelDataSource must have an S3DataSource.`); }
    checkSource(ModelDataSource.S3DataSource, `${at}.ModelDataSource.S3DataSource`);
  }
  const channels = AdditionalModelDataSources.map(({ ChannelName }: any) => ChannelName);
  if (new Set(channels).size < channels.length) { throw invalid(`${at}.AdditionalModelDataSources must have different ChannelNames, got: ${channels.join(', ')}`); }
  AdditionalModelDataSources.forEach(({ S3DataSource }: any, index: number) => checkSource(S3DataSource, `${at}.AdditionalModelDataSources.${index + 1}.S3DataSource`));
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html (S3DataType, ManifestS3Uri) */
function checkSource({ S3Uri, S3DataType, ManifestS3Uri, ManifestEtag }: any, at: string): void {
  checkKey(`${at}.S3Uri`, S3Uri);
  if (S3DataType === 'S3Prefix' && !S3Uri.endsWith('/')) { throw invalid(`${at}.S3Uri must end with a forward slash (/) for S3Prefix, got: ${S3Uri}`); }
  if (S3DataType === 'S3Object' && S3Uri.endsWith('/')) { throw invalid(`${at}.S3Uri must be the path of one object for S3Object, got: ${S3Uri}`); }
  if (ManifestEtag !== undefined && ManifestS3Uri === undefined) { throw invalid(`${at}.ManifestEtag needs a ManifestS3Uri.`); }
}

function checkKey(at: string, uri: string): void {
  if (!/^(https|s3):\/\/[^/]+\/./.test(uri)) { throw invalid(`${at} must have a bucket and a key, got: ${uri}`); }
}

/** Refuses a model of AWS Marketplace's that is not isolated. Source: https://github.com/aws/aws-cdk/issues/16779 */
export function checkIsolation(packages: readonly string[], isIsolated: boolean | undefined): void {
  const found = packages.find(isMarketplaceArn);
  if (found !== undefined && !isIsolated) { throw invalid(`EnableNetworkIsolation must be true for model package ${found}, which is of AWS Marketplace.`); }
}
