'use strict';
// Finds the AWS SDK for a function's code as Lambda's runtime has it: in the app's node_modules, or in a cache that npm fills.
const { spawnSync } = require('child_process');
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } = require('fs');
const Module = require('module');
const { dirname, join } = require('path');

/** `app`: the app's folder. `cache`: where npm puts what the app lacks. `npm`: the environment of npm. */
const { app, cache, npm } = JSON.parse(process.env.LOCAL_AWS_SDK);
delete process.env.LOCAL_AWS_SDK;

const OF_RUNTIME = /^(@(?:aws-sdk|smithy|aws-crypto)\/[\w.-]+)/;

/** A folder of whose node_modules the package is one; an error that says how to get it, if there is none. */
function provide(name) {
  const own = join(cache, name.replace('/', '+'));
  for (let folder = app; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name, 'package.json'))) { return folder; }
    if (folder === dirname(folder)) { break; }
  }
  if (existsSync(own)) { return own; }
  const why = install(name, own);
  if (existsSync(own)) {
    if (process.connected) { process.send({ notice: `npm has put ${name} into ${own}: a function needs it, Lambda's runtime has it, and the app does not` }); }
    return own;
  }
  const message = `Cannot find module '${name}': Lambda's runtime has it, but neither the app's node_modules nor the cache ${cache} does, and npm could not get it (${why}). `
    + `Add it to the app: npm install --save-dev ${name}`;
  throw Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
}

/** What npm installs appears as a whole, also if several functions need it at once. */
function install(name, folder) {
  mkdirSync(cache, { recursive: true });
  const part = mkdtempSync(join(cache, '.part-'));
  writeFileSync(join(part, 'package.json'), '{"private":true}');
  const { status, stderr, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1', name], {
    cwd: part, env: npm, encoding: 'utf8', timeout: 300_000, shell: process.platform === 'win32', stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    if (status === 0) { renameSync(part, folder); }
  } catch {
    // Another function has been faster.
  }
  rmSync(part, { recursive: true, force: true });
  return error ? error.message : String(stderr).split('\n').find((line) => /ERR|error/i.test(line)) ?? `npm ended with ${status}`;
}

const resolve = Module._resolveFilename;

Module._resolveFilename = function (request, parent, isMain, options) {
  try {
    return resolve.call(this, request, parent, isMain, options);
  } catch (error) {
    const name = OF_RUNTIME.exec(request)?.[1];
    if (error.code !== 'MODULE_NOT_FOUND' || !name) { throw error; }
    return resolve.call(this, request, parent, isMain, { paths: [provide(name)] });
  }
};

/** Puts a package that an `import` did not find where it is found. Returns whether there was something to do. */
exports.provideFor = (error) => {
  const name = OF_RUNTIME.exec(/Cannot find package '([^']+)'/.exec(error?.message)?.[1] ?? '')?.[1];
  if (!name) { return false; }
  const link = join(dirname(process.env.LAMBDA_TASK_ROOT), 'node_modules', name);
  if (existsSync(link)) { return false; }
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(provide(name), 'node_modules', name), link, 'junction');
  return true;
};
