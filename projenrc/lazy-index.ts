import { readFileSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { join } from 'path';

/**
 * Rewrites `lib/index.js` so that each export loads its file when it is first asked for, as aws-cdk-lib's own indexes do: an app that uses a part of the
 * library loads that part, and what it needs of the CDK.
 */
const LIB = join(__dirname, '..', 'lib');
const index = join(LIB, 'index.js');
const load = createRequire(index);
const files = Array.from(readFileSync(index, 'utf8').matchAll(/__exportStar\(require\("(\.\/[^"]+)"\), exports\)/g), ([, file]) => file);

const lines = ['"use strict";', 'Object.defineProperty(exports, "__esModule", { value: true });'];
for (const file of files) {
  for (const name of Object.keys(load(file))) {
    // Said first as a plain assignment: that is what loaders of ES modules look for.
    lines.push(`exports.${name} = void 0;`);
    lines.push(`Object.defineProperty(exports, "${name}", { configurable: true, enumerable: true, get: () => require("${file}").${name} });`);
  }
}
// An index that is lazy already has nothing to rewrite.
if (files.length > 0) { writeFileSync(index, `${lines.join('\n')}\n`); }
