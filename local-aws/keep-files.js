'use strict';
// Loaded into every Node process of a rehearsed command, so that the CDK CLI leaves the app's folder as it is. It remembers lookups in cdk.context.json: here
// it reads and writes a copy of the run. The file itself is never opened for writing, so even a kill cannot leave it changed.
const fs = require('fs');
const { createHash } = require('crypto');
const { syncBuiltinESMExports } = require('module');
const { basename, join, resolve } = require('path');
const { fileURLToPath } = require('url');

const NAME = 'cdk.context.json';
const folder = process.env.LOCAL_AWS_FILES;
const idOf = (path) => createHash('sha256').update(path).digest('hex').slice(0, 16);
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = fs;
/** Node's own functions call each other by their public names. */
let isCopying = false;

/** The copy of a context file, or any other path as it is. */
function led(path) {
  const text = path instanceof URL && path.protocol === 'file:' ? fileURLToPath(path) : Buffer.isBuffer(path) ? path.toString() : path;
  if (isCopying || typeof text !== 'string' || basename(text) !== NAME) { return path; }
  const file = resolve(text);
  if (file.startsWith(folder)) { return path; }
  const own = join(folder, 'context', idOf(file));
  const copy = join(own, NAME);
  // Copied once: what the command deletes stays deleted.
  if (!existsSync(own)) { copyInto(own, file); }
  return copy;
}

/** Makes the folder of a copy, whole at once: another process of the command may do the same. */
function copyInto(own, file) {
  const part = `${own}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  isCopying = true;
  try {
    if (existsSync(file)) { writeFileSync(join(part, NAME), readFileSync(file)); }
  } finally {
    isCopying = false;
  }
  try {
    renameSync(part, own);
  } catch { /* The other one was first. */ }
}

/** How many of the first arguments are paths. */
const PATHS = {
  access: 1, appendFile: 1, chmod: 1, chown: 1, copyFile: 2, createReadStream: 1, createWriteStream: 1, exists: 1, link: 2, lstat: 1, lutimes: 1, open: 1,
  openAsBlob: 1, readFile: 1, rename: 2, rm: 1, stat: 1, truncate: 1, unlink: 1, utimes: 1, writeFile: 1,
};

function wrap(object, name, count) {
  const real = object[name];
  if (typeof real !== 'function') { return; }
  object[name] = function (...args) {
    return real.apply(this, args.map((arg, index) => (index < count ? led(arg) : arg)));
  };
  Object.defineProperties(object[name], Object.getOwnPropertyDescriptors(real));
}

if (folder) {
  // Two apps of one command synthesize at once.
  process.env.CDK_OUTPUT = join(folder, 'cdk.out', idOf(process.cwd()));
  for (const [name, count] of Object.entries(PATHS)) {
    wrap(fs, name, count);
    wrap(fs, `${name}Sync`, count);
    wrap(fs.promises, name, count);
  }
  // Modules that import `fs` by name see the same.
  syncBuiltinESMExports();
}
