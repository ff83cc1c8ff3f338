import { Operations } from '../kernel';
import { stsOperations } from '../sts';
import { Region } from '../world';
import { jsonProtocol } from './json';
import { lambdaProtocol } from './lambda';
import { Protocol, WireRequest } from './protocol';
import { queryProtocol } from './query';
import { s3Protocol } from './s3';

/** One service: its protocol and its operations. */
export interface Service {
  readonly protocol: Protocol;
  readonly operations: (region: Region) => Operations;
}

/** By the name in a client's signature. It is also the prefix of the service's IAM actions. */
export const services: Readonly<Record<string, Service>> = {
  'sagemaker': { protocol: jsonProtocol('1.1', 'SageMaker'), operations: (region) => region.sagemaker.operations },
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
  'sts': { protocol: queryProtocol('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/'), operations: () => stsOperations },
  's3': { protocol: s3Protocol, operations: (region) => region.world.s3.operations },
  'lambda': { protocol: lambdaProtocol, operations: (region) => region.lambda.operations },
};

const TARGETS: Readonly<Record<string, string>> = {
  SageMaker: 'sagemaker',
  AWSStepFunctions: 'states',
  AmazonSSM: 'ssm',
  Logs_20140328: 'logs',
  AnyScaleFrontendService: 'application-autoscaling',
  AWSEvents: 'events',
};

/** Guesses the service of a request without a credential scope. */
export function guessService({ headers, path, body, query }: WireRequest): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) { return TARGETS[String(target).split('.')[0]] ?? 'unknown'; }
  if (path.startsWith('/2015-03-31/')) { return 'lambda'; }
  const version = (path === '/' && (query.get('Version') ?? new URLSearchParams(body.subarray(0, 4096).toString('utf8')).get('Version'))) || '';
  return { '2010-05-15': 'cloudformation', '2011-06-15': 'sts' }[version] ?? 's3';
}

/** The protocol that the request seems to use. It renders the refusal of an unsupported service. */
export function guessProtocol({ headers, path, method }: WireRequest): Protocol {
  if (headers['x-amz-target'] !== undefined) { return jsonProtocol('1.1', ''); }
  return path === '/' && method === 'POST' ? queryProtocol('', '') : lambdaProtocol;
}
