import { strToU8, zipSync } from 'fflate';
import { Iam } from '../iam';
import { AwsError, ResourceProviders, ResourceRequest } from '../kernel';
import { S3 } from '../s3';
import { FunctionOptions, Lambda, LambdaFunction } from './index';

/** The resource types of Lambda. */
export const resources: ResourceProviders = {
  'AWS::Lambda::Function': {
    create: async (request) => state(request.region.room(Lambda).create({
      functionName: request.properties.FunctionName ?? request.generatedName(64), ...options(request),
    })),
    update: async (request) => state(request.region.room(Lambda).update(request.physicalId, options(request))),
    delete: async ({ region, physicalId }) => region.room(Lambda).delete(physicalId),
  },

  // Permission to invoke comes from the caller's own policies, so this one is not checked.
  'AWS::Lambda::Permission': {
    create: async ({ region, properties, generatedName }) => {
      region.room(Lambda).find(properties.FunctionName);
      const physicalId = generatedName(100);
      return { physicalId, attributes: { Id: physicalId } };
    },
    update: async ({ physicalId }) => ({ physicalId, attributes: { Id: physicalId } }),
    delete: async () => {},
  },
};

function options(request: ResourceRequest): Omit<FunctionOptions, 'functionName'> {
  const { region, properties } = request;
  if (!region.room(Iam).canAssume(properties.Role, 'lambda.amazonaws.com')) {
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  }
  const environment: Record<string, unknown> = properties.Environment?.Variables ?? {};
  return {
    zip: code(request),
    handler: properties.Handler,
    roleArn: properties.Role,
    runtime: properties.Runtime,
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)])),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memorySize: Number(properties.MemorySize ?? 128),
    logGroup: properties.LoggingConfig?.LogGroup,
  };
}

function code({ region, properties: { Code = {}, PackageType } }: ResourceRequest): Buffer {
  if (typeof Code.ZipFile === 'string') { return Buffer.from(zipSync({ 'index.js': strToU8(Code.ZipFile) })); }
  if (Code.S3Bucket === undefined || PackageType === 'Image') { throw invalid('A function whose code is an image is not part of the local AWS'); }
  try {
    return region.room(S3).getObject(Code.S3Bucket, Code.S3Key);
  } catch (error) {
    const { code: s3Code, message } = error as AwsError;
    throw invalid(`Error occurred while GetObject. S3 Error Code: ${s3Code}. S3 Error Message: ${message}`);
  }
}

function state({ functionName, arn }: LambdaFunction) {
  return { physicalId: functionName, attributes: { Arn: arn } };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
