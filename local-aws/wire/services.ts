import { gunzipSync } from 'zlib';
import { ec2Protocol } from './ec2';
import { jsonProtocol } from './json';
import { lambdaProtocol } from './lambda';
import { own, Protocol, WireRequest } from './protocol';
import { queryProtocol } from './query';
import { cloudFrontProtocol, route53Protocol } from './rest-xml';
import { s3Protocol } from './s3';
import { sagemakerRuntime } from './sagemaker-runtime';
import { coerce } from '../../src/service/constraints';
import { CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES } from '../cloudwatch/shapes';
import { AwsError, Operations } from '../kernel';
import { standIns } from '../stand-ins';
import { stsOperations } from '../sts';
import { Region } from '../world';

/** One service: its protocol and its operations. */
export interface Service {
  readonly protocol: Protocol;
  /** For requests without a target: the service's older protocol, or that of its runtime. */
  readonly query?: Protocol;
  readonly operations: (region: Region) => Operations;
}

const LOAD_BALANCING = '2015-12-01';

/** The protocols of services that have nothing but stand-ins. */
const STAND_INS: Readonly<Record<string, Protocol>> = {
  ec2: ec2Protocol,
  route53: route53Protocol,
  cloudfront: cloudFrontProtocol,
  elasticloadbalancing: queryProtocol(LOAD_BALANCING, `http://elasticloadbalancing.amazonaws.com/doc/${LOAD_BALANCING}/`),
  kms: jsonProtocol('1.1', 'TrentService'),
  cloudcontrolapi: jsonProtocol('1.0', 'CloudApiService'),
  ecr: jsonProtocol('1.1', 'AmazonEC2ContainerRegistry_V20150921'),
};

/** By the name in a client's signature. It is also the prefix of the service's IAM actions. */
export const services: Readonly<Record<string, Service>> = {
  'sagemaker': { protocol: jsonProtocol('1.1', 'SageMaker'), query: sagemakerRuntime, operations: (region) => region.sagemaker.operations },
  'states': { protocol: jsonProtocol('1.0', 'AWSStepFunctions'), operations: (region) => region.stepFunctions.operations },
  'ssm': { protocol: jsonProtocol('1.1', 'AmazonSSM'), operations: (region) => region.ssm.operations },
  'application-autoscaling': {
    protocol: jsonProtocol('1.1', 'AnyScaleFrontendService'), operations: (region) => region.applicationAutoScaling.operations,
  },
  'events': { protocol: jsonProtocol('1.1', 'AWSEvents'), operations: (region) => region.events.operations },
  'logs': { protocol: jsonProtocol('1.1', 'Logs_20140328'), operations: (region) => region.logs.operations },
  'cloudformation': {
    protocol: queryProtocol('2010-05-15', 'http://cloudformation.amazonaws.com/doc/2010-05-15/'),
    operations: (region) => region.cloudformation.operations,
  },
  'monitoring': {
    protocol: inflating(namingErrors(jsonProtocol('1.0', 'GraniteServiceVersion20100801'))),
    query: inflating(namingErrors(typed(queryProtocol('2010-08-01', 'http://monitoring.amazonaws.com/doc/2010-08-01/')))),
    operations: (region) => region.cloudwatch.operations,
  },
  'servicequotas': { protocol: jsonProtocol('1.1', 'ServiceQuotasV20190624'), operations: (region) => region.serviceQuotas.operations },
  'pricing': { protocol: jsonProtocol('1.1', 'AWSPriceListService'), operations: (region) => region.pricing.operations },
  'iam': { protocol: queryProtocol('2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/'), operations: (region) => region.iam.operations },
  'sts': { protocol: queryProtocol('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/'), operations: () => stsOperations },
  's3': { protocol: s3Protocol, operations: (region) => region.world.s3.operations },
  ...Object.fromEntries(Object.entries(STAND_INS).map(([name, protocol]) => [name, { protocol, operations: standIns[name] }])),
  'lambda': { protocol: lambdaProtocol, operations: (region) => region.lambda.operations },
};

const TARGETS: Readonly<Record<string, string>> = {
  SageMaker: 'sagemaker',
  AWSStepFunctions: 'states',
  AmazonSSM: 'ssm',
  Logs_20140328: 'logs',
  AnyScaleFrontendService: 'application-autoscaling',
  AWSEvents: 'events',
  GraniteServiceVersion20100801: 'monitoring',
  ServiceQuotasV20190624: 'servicequotas',
  AWSPriceListService: 'pricing',
};

/** The protocol of a request to a service that has two. */
export function protocolOf({ protocol, query }: Service, { headers }: WireRequest): Protocol {
  return query && headers['x-amz-target'] === undefined ? query : protocol;
}

/** CloudWatch's names of errors, in the header by which its clients know those of the older protocol. */
function namingErrors(protocol: Protocol): Protocol {
  return {
    ...protocol,
    refuse: (error, requestId) => {
      const code = error.code === 'ValidationException' ? 'ValidationError' : error.code;
      const answer = protocol.refuse(new AwsError(code, error.message, error.status), requestId);
      return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${code};Sender` } };
    },
  };
}

/** The most bytes that a compressed request has when it is not compressed any more. */
const INFLATED = 16 * 1024 * 1024;

/** Clients compress large requests for metrics. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html */
function inflating(protocol: Protocol): Protocol {
  return {
    ...protocol,
    read: (request) => {
      if (request.headers['content-encoding'] !== 'gzip') { return protocol.read(request); }
      let body: Buffer;
      try {
        body = gunzipSync(request.body, { maxOutputLength: INFLATED });
      } catch {
        throw new AwsError('SerializationException', 'The request body is not compressed as its Content-Encoding says, or it is too large');
      }
      return protocol.read({ ...request, body });
    },
  };
}

/** A form has only texts: they become what CloudWatch's shapes say. The other services of forms take nothing else, so their rooms do it. */
function typed(protocol: Protocol): Protocol {
  return {
    ...protocol,
    read: (request) => {
      const { operation, input } = protocol.read(request);
      const shapes = own(CLOUDWATCH_OPERATIONS, operation);
      return { operation, input: shapes ? coerce(CLOUDWATCH_SHAPES, shapes.input, input) : input };
    },
  };
}

/** Guesses the service of a request without a credential scope. */
export function guessService({ headers, path, body, query }: WireRequest): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) { return TARGETS[String(target).split('.')[0]] ?? 'unknown'; }
  if (path.startsWith('/2015-03-31/')) { return 'lambda'; }
  const version = (path === '/' && (query.get('Version') ?? new URLSearchParams(body.subarray(0, 4096).toString('utf8')).get('Version'))) || '';
  return { '2010-05-15': 'cloudformation', '2010-05-08': 'iam', '2011-06-15': 'sts', '2010-08-01': 'monitoring' }[version] ?? 's3';
}

/** The protocol that the request seems to use. It renders the refusal of an unsupported service. */
export function guessProtocol({ headers, path, method }: WireRequest): Protocol {
  if (headers['x-amz-target'] !== undefined) { return jsonProtocol('1.1', ''); }
  return path === '/' && method === 'POST' ? queryProtocol('', '') : lambdaProtocol;
}
