import { readdirSync } from 'fs';
import { dirname, join } from 'path';

const IS_APP = /(^|\/)cdk\.json$/;
const IS_ELSEWHERE = /(^|\/)(node_modules|cdk\.out)\/|^python\//;

/** The folders of the examples' apps below `examples`: an example may have more than one. Those in Python are twins of others, and need Python's jsii. */
export function exampleApps(root: string): string[] {
  const files = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  return files.filter((file) => IS_APP.test(file) && !IS_ELSEWHERE.test(file)).map(dirname).sort();
}
