import { strToU8, zipSync } from 'fflate';
import { EventInvokeConfig, FunctionOptions, Lambda, LambdaFunction } from './index';
import { Iam } from '../iam';
import { AwsError, Lacking, Region, ResourceProvider, ResourceProviders, ResourceRequest } from '../kernel';
import { S3 } from '../s3';

/** The resource types of Lambda. */
export const resources: ResourceProviders = {
  'AWS::Lambda::Function': {
    create: async (request) => {
      const functionName = request.properties.FunctionName ?? request.generatedName(64);
      return state(request.region.room(Lambda).create({ functionName, ...options(request, functionName) }));
    },
    update: async (request) => state(request.region.room(Lambda).update(request.physicalId, options(request, request.physicalId))),
    delete: async ({ region, physicalId }) => region.room(Lambda).delete(physicalId),
  },

  'AWS::Lambda::LayerVersion': {
    create: async ({ region, properties, generatedName }) => {
      const { layers } = region.room(Lambda);
      const name = region.arn('lambda', `layer:${properties.LayerName ?? generatedName(64)}`);
      const physicalId = `${name}:${[...layers.keys()].filter((arn) => arn.startsWith(`${name}:`)).length + 1}`;
      layers.set(physicalId, archive(region, properties.Content ?? {}));
      return { physicalId, attributes: { LayerVersionArn: physicalId } };
    },
    update: async ({ physicalId }) => ({ physicalId, attributes: { LayerVersionArn: physicalId } }),
    delete: async ({ region, physicalId }) => { region.room(Lambda).layers.delete(physicalId); },
  },

  'AWS::Lambda::Version': qualified((_properties, count) => String(count)),
  'AWS::Lambda::Alias': qualified(({ Name }) => Name),

  'AWS::Lambda::EventInvokeConfig': {
    create: async (request) => {
      const { eventInvokeConfigs } = request.region.room(Lambda);
      const [functionName, config] = eventInvokeConfig(request);
      if (eventInvokeConfigs.has(functionName)) {
        throw new AwsError('ResourceConflictException', `The function ${functionName} already has an EventInvokeConfig for $LATEST.`, 409);
      }
      eventInvokeConfigs.set(functionName, config);
      return { physicalId: `${functionName}|$LATEST`, attributes: {} };
    },
    update: async (request) => {
      request.region.room(Lambda).eventInvokeConfigs.set(...eventInvokeConfig(request));
      return { physicalId: request.physicalId, attributes: {} };
    },
    delete: async ({ region, physicalId }) => { region.room(Lambda).eventInvokeConfigs.delete(physicalId.split('|')[0]); },
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

/** A version or an alias: a name for the newest code, because older code is not kept. */
function qualified(nameOf: (properties: Readonly<Record<string, any>>, count: number) => string): ResourceProvider {
  const stateOf = (arn: string, name: string) => ({ physicalId: `${arn}:${name}`, attributes: { Version: name, FunctionArn: arn, FunctionVersion: name, AliasArn: `${arn}:${name}` } });
  return {
    create: async ({ region, properties }) => {
      const lambda = region.room(Lambda);
      const { arn, functionName } = lambda.find(properties.FunctionName);
      const created = stateOf(arn, nameOf(properties, lambda.nextVersion(functionName)));
      lambda.qualified.add(created.physicalId);
      return created;
    },
    update: async ({ physicalId }) => stateOf(physicalId.replace(/:[^:]*$/, ''), physicalId.split(':').pop()!),
    delete: async ({ region, physicalId }) => { region.room(Lambda).qualified.delete(physicalId); },
  };
}

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
function eventInvokeConfig({ region, properties }: ResourceRequest): [functionName: string, config: EventInvokeConfig] {
  const { FunctionName, Qualifier, MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age, DestinationConfig } = properties;
  if (Qualifier !== '$LATEST' || DestinationConfig !== undefined) { throw new Lacking('Destinations, and an EventInvokeConfig of a version or an alias, are not part of the local AWS', 'InvalidParameterValueException'); }
  const check = (name: string, value: unknown, least: number, most: number) => {
    if (value !== undefined && !(Number(value) >= least && Number(value) <= most)) { throw invalid(`${name} ${String(value)} must be from ${least} to ${most}`); }
    return value === undefined ? undefined : Number(value);
  };
  return [region.room(Lambda).find(FunctionName).functionName, {
    retries: check('MaximumRetryAttempts', retries, 0, 2), maxAgeSeconds: check('MaximumEventAgeInSeconds', age, 60, 21_600),
  }];
}

function options(request: ResourceRequest, functionName: string): Omit<FunctionOptions, 'functionName'> {
  const { region, properties } = request;
  if (!region.room(Iam).mayServe(properties.Role, 'lambda.amazonaws.com', region.arn('lambda', `function:${functionName}`))) {
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  }
  if (properties.VpcConfig?.SubnetIds?.length > 0) { checkNetwork(request); }
  const environment: Record<string, unknown> = properties.Environment?.Variables ?? {};
  return {
    zip: code(request),
    layers: layersOf(request),
    handler: properties.Handler,
    roleArn: properties.Role,
    runtime: properties.PackageType === 'Image' || properties.Code?.ImageUri !== undefined ? 'image' : properties.Runtime,
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)])),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memorySize: Number(properties.MemorySize ?? 128),
    logGroup: properties.LoggingConfig?.LogGroup,
  };
}

/**
 * Lambda keeps the interfaces of a function in a VPC with the function's role.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function checkNetwork({ region, properties: { Role, VpcConfig: { SubnetIds, SecurityGroupIds = [] } } }: ResourceRequest): void {
  const iam = region.room(Iam);
  const arns = (kind: string, ids: readonly string[]) => ids.map((id) => region.arn('ec2', `${kind}/${id}`));
  const made = arns('network-interface', ['eni-0123456789abcdef0']);
  const needs: Record<string, readonly string[]> = {
    CreateNetworkInterface: [...made, ...arns('subnet', SubnetIds), ...arns('security-group', SecurityGroupIds)],
    DescribeNetworkInterfaces: ['*'],
    DescribeSubnets: ['*'],
    DeleteNetworkInterface: made,
    AssignPrivateIpAddresses: made,
    UnassignPrivateIpAddresses: made,
  };
  for (const [action, on] of Object.entries(needs)) {
    if (!on.every((resource) => iam.allows(Role, `ec2:${action}`, resource))) {
      throw invalid(`The provided execution role does not have permissions to call ${action} on EC2`);
    }
  }
}

function code({ region, properties: { Code = {}, Runtime } }: ResourceRequest): Buffer {
  const file = /^python/.test(Runtime ?? '') ? 'index.py' : 'index.js';
  if (typeof Code.ZipFile === 'string') { return Buffer.from(zipSync({ [file]: strToU8(Code.ZipFile) })); }
  return Code.ImageUri === undefined ? archive(region, Code) : Buffer.alloc(0);
}

function archive(region: Region, { S3Bucket, S3Key }: Readonly<Record<string, any>>): Buffer {
  try {
    return region.room(S3).getObject(S3Bucket, S3Key);
  } catch (error) {
    const { code: s3Code, message } = error as AwsError;
    throw invalid(`Error occurred while GetObject. S3 Error Code: ${s3Code}. S3 Error Message: ${message}`);
  }
}

/** The archives of layers. Those of other accounts are not here. */
function layersOf({ region, properties: { Layers = [] } }: ResourceRequest): Buffer[] {
  return Layers.flatMap((arn: string) => {
    const layer = region.room(Lambda).layers.get(arn);
    if (!layer) { region.world.notice(`the layer ${arn} is not here: functions run without it`); }
    return layer ?? [];
  });
}

function state({ functionName, arn }: LambdaFunction) {
  return { physicalId: functionName, attributes: { Arn: arn } };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
