import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ModelObject } from './s3-object';
import type { AdditionalModelData, ModelData } from './s3-source';
import { checkProp, firstTwice } from '../common/check';
import { prune } from '../common/render';

/** Data in the form of a container definition, as both models and model packages have it. The names are CloudFormation's. */
export interface RenderedModelData {
  readonly members: {
    readonly modelDataUrl?: string;
    readonly modelDataSource?: { readonly s3DataSource: S3DataSource };
    readonly additionalModelDataSources?: object[];
  };
  readonly grants: Array<(grantee: IGrantable) => void>;
  /** Props that CloudFormation has no member for: only the API takes them. */
  readonly onlyInApi: string[];
}

interface S3DataSource {
  readonly s3Uri: string;
  readonly s3DataType: string;
  readonly compressionType: string;
  readonly modelAccessConfig?: { readonly acceptEula: boolean };
  readonly hubAccessConfig?: { readonly hubContentArn: string };
  readonly eTag?: string;
}

/** One archive by its URL, anything else as a data source. `id` is the prefix of the ids of assets, and `at` says where the data is in the props. */
export function renderModelData(
  scope: Construct, id: string, at: string,
  { modelData, additionalModelData = [] }: { readonly modelData?: ModelData; readonly additionalModelData?: AdditionalModelData[] },
): RenderedModelData {
  const data = modelData?._bind(scope, id);
  checkProp(`${at}modelData`, 'Url', data?.url);
  // Checks only their number, because the data is checked one by one.
  checkProp(`${at}additionalModelData`, 'AdditionalModelDataSources', additionalModelData.map(() => ({ ChannelName: 'any', S3DataSource: ANY_SOURCE })));
  const additional = additionalModelData.map(({ channelName, modelData: given }, index) => {
    const here = `${at}additionalModelData[${index}]`;
    checkProp(`${here}.channelName`, 'AdditionalModelChannelName', channelName);
    const more = given._bind(scope, `${id}Additional${index + 1}`);
    checkProp(`${here}.modelData`, 'S3ModelUri', more.url);
    return { channelName, more };
  });
  const twice = firstTwice(additional.map(({ channelName }) => channelName));
  if (twice !== undefined) { throw new Error(`\`${at}additionalModelData\` must have different names, got '${twice}' twice: change a \`channelName\`.`); }
  const all = [...data ? [data] : [], ...additional.map(({ more }) => more)];
  // The service reads additional data beside a data source, so an archive becomes one then.
  const isSource = data && (data.source || additional.length > 0);
  return {
    members: {
      modelDataUrl: isSource ? undefined : data?.url,
      modelDataSource: isSource ? { s3DataSource: sourceOf(data) } : undefined,
      additionalModelDataSources: additional.length > 0
        ? additional.map(({ channelName, more }) => ({ channelName, s3DataSource: sourceOf(more) })) : undefined,
    },
    grants: all.map((one) => (grantee) => one.grantRead(grantee)),
    onlyInApi: [...all.some(({ source }) => source?.eTag !== undefined) ? ['eTag'] : [], ...additional.length > 0 ? ['additionalModelData'] : []],
  };
}

const ANY_SOURCE = { S3Uri: 's3://any/', S3DataType: 'S3Prefix', CompressionType: 'None' };

function sourceOf({ url, source = ARCHIVE }: ModelObject): S3DataSource {
  const { s3DataType, compressionType, acceptEula, hubContentArn, eTag } = source;
  return {
    s3Uri: url,
    s3DataType,
    compressionType,
    ...acceptEula !== undefined && { modelAccessConfig: { acceptEula } },
    ...hubContentArn !== undefined && { hubAccessConfig: { hubContentArn } },
    ...prune({ eTag }),
  };
}

const ARCHIVE: NonNullable<ModelObject['source']> = { s3DataType: 'S3Object', compressionType: 'Gzip' };
