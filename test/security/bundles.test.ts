import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { isBuiltin } from 'module';
import { tmpdir } from 'os';
import { basename, join, relative } from 'path';
import { bundle, entryPoints, loadedFiles, writeNotices } from '../../lambda/bundle';
import { LICENCES, notice, packagesIn } from '../../projenrc/notices';

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

const ROOT = join(__dirname, '..', '..');
const made = bundle(entryPoints(), folder);

test('each function loads the packages that it needs and no other', async () => {
  const metafile = await made;
  const { outputs } = metafile;
  const loaded = Object.fromEntries([...loadedFiles(metafile)].map(([name, paths]) => {
    const files = paths.flatMap((path) => Object.entries(outputs[path].inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => PACKAGE.exec(file)?.[1] ?? ''));
    return [name, [...new Set(files)].filter((found) => found !== '').sort()];
  }));
  const needed = Object.entries(OF_ONE).map(([name, own]) => [name, [...Object.keys(OF_EVERY_FUNCTION), ...Object.keys(own)].sort()]);
  expect(loaded).toEqual(Object.fromEntries(needed));
  // What is not inside would have to be there already.
  const outside = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path));
  expect(outside.length).toBeGreaterThan(0);
  expect(outside.filter((name) => !isBuiltin(name))).toEqual([]);
});

/** The packages of a notice, as `name version, licence`. */
const named = (text: string) => text.split('\n').filter((line) => /^\S+ \d+\.\d+\.\d+\S*, \S+$/.test(line)).sort();

test('the bundles say whose code they carry, under which licence, and so does the package', async () => {
  const metafile = await made;
  writeNotices(metafile, join(folder, 'NOTICE'));
  const carried = [...new Set(Object.values(metafile.outputs).flatMap((output) => packagesIn(output)))].map((path) => JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')));
  expect(carried.filter(({ license }) => !LICENCES.includes(license))).toEqual([]);
  const text = readFileSync(join(folder, 'NOTICE'), 'utf8');
  const titles = carried.map(({ name, version, license }) => `${name} ${version}, ${license}`).sort();
  expect(titles.length).toBeGreaterThan(5);
  expect(named(text)).toEqual(titles);
  // The licence that they have, as a whole.
  expect(text).toContain(readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim());
  expect(text).toContain('Copyright 2018-2020 Amazon.com, Inc. or its affiliates. All Rights Reserved.');
  // What is shipped is what this has made.
  const shipped = join(ROOT, 'assets', 'lambda');
  expect(readdirSync(shipped).sort()).toEqual([...Object.keys(metafile.outputs).map((file) => basename(file)), 'NOTICE', 'prices.json'].sort());
  for (const name of readdirSync(shipped)) { expect(readFileSync(join(shipped, name), 'utf8')).toBe(readFileSync(join(folder, name), 'utf8')); }
  expect(readFileSync(join(ROOT, 'NOTICE'), 'utf8')).toBe(text);
});

describe('the notice of a package', () => {
  const packageOf = (license: string, files: Record<string, string> = {}) => {
    const at = mkdtempSync(join(folder, 'package-'));
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ name: 'one', version: '1.0.0', license, author: 'A. Person' }));
    Object.entries(files).forEach(([name, text]) => writeFileSync(join(at, name), text));
    return relative(ROOT, at);
  };

  test.each(['GPL-3.0', 'AGPL-3.0', 'BlueOak-1.0.0'])('under %s is refused', (license) => {
    expect(() => notice('this', [packageOf(license)])).toThrow(`one is under ${license}, which is none of 0BSD, `);
  });

  test('has its text, its notice and its holder', () => {
    expect(notice('this', [packageOf('ISC', { 'LICENSE.txt': 'Its text', 'NOTICE': 'Its notice' })])).toContain('\none 1.0.0, ISC\n\nIts text\n\nIts notice\n');
    expect(notice('this', [packageOf('MIT')])).toContain('\none 1.0.0, MIT\n\nCopyright (c) A. Person\n\nPermission is hereby granted');
    expect(() => notice('this', [packageOf('ISC')])).toThrow('one has no file with its licence, ISC');
    const apache = notice('this', [packageOf('Apache-2.0', { LICENSE: 'Apache License\n   Copyright [yyyy] [name]\n   Copyright 2020 B. Person\n', NOTICE: 'Its notice' })]);
    expect(apache).toContain('\none 1.0.0, Apache-2.0\n\nCopyright 2020 B. Person\n\nIts notice\n\nIts licence is the Apache License');
  });
});
