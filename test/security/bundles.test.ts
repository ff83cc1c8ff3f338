import { mkdtempSync, rmSync } from 'fs';
import { isBuiltin } from 'module';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { bundle, entryPoints } from '../../lambda/bundle';

/** What stands in every bundle, and what for. */
const OF_EVERY_FUNCTION = {
  '@aws-sdk/core': 'what the clients of the SDK are made of: protocols, credentials, the user agent',
  '@smithy/core': 'what those are made of: the middleware, retries, schemas, endpoints',
  '@smithy/types': 'their enums',
  '@smithy/signature-v4': 'signs requests',
  '@smithy/node-http-handler': 'sends them',
  '@aws-sdk/credential-provider-env': 'a function\'s credentials are in its environment',
  '@aws/lambda-invoke-store': 'passes the trace id of an invocation on; the SDK\'s core asks for it in Lambda',
};

/** The services that a function calls, and what only their clients need. */
const OF_ONE: Record<string, Record<string, string>> = {
  'start': {
    '@aws-sdk/client-sagemaker': 'starts, finds and stops jobs',
  },
  'approve': {
    '@aws-sdk/client-sagemaker': 'starts and finds the jobs of approvals',
    '@aws-sdk/client-ssm': 'counts them',
  },
  'wait-end': {
    '@aws-sdk/client-sagemaker': 'reads jobs, and tags those whose failure was reported',
  },
  'recommend': {
    '@aws-sdk/client-sagemaker': 'reads jobs',
    '@aws-sdk/client-ssm': 'writes what is recommended',
  },
  'model': {
    '@aws-sdk/client-sagemaker': 'makes models',
  },
  'scaling': {
    '@aws-sdk/client-application-auto-scaling': 'scales variants',
    '@aws-sdk/client-sagemaker': 'reads endpoints and scaling recommendations',
    '@aws-sdk/client-ssm': 'keeps what is registered',
  },
  'replica': {
    '@aws-sdk/client-ssm': 'copies parameters',
    '@aws-sdk/client-sts': 'takes on the role of another account',
    '@aws-sdk/signature-v4-multi-region': 'the STS client\'s endpoints may ask for it',
    '@aws-sdk/xml-builder': 'STS answers in XML',
  },
};

const folder = mkdtempSync(join(tmpdir(), 'packages-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of a package below the innermost `node_modules`. */
const PACKAGE = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

test('each function carries the packages that it needs and no other', async () => {
  const { outputs } = await bundle(entryPoints(), folder);
  const carried = Object.fromEntries(Object.entries(outputs).map(([path, { inputs }]) => {
    const files = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => PACKAGE.exec(file)?.[1] ?? '');
    return [basename(dirname(path)), [...new Set(files)].filter((name) => name !== '').sort()];
  }));
  const needed = Object.entries(OF_ONE).map(([name, own]) => [name, [...Object.keys(OF_EVERY_FUNCTION), ...Object.keys(own)].sort()]);
  expect(carried).toEqual(Object.fromEntries(needed));
  // What is not inside would have to be there already.
  const outside = Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(outside.length).toBeGreaterThan(0);
  expect(outside.filter((name) => !isBuiltin(name))).toEqual([]);
});
