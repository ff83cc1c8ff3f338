import { execFileSync } from 'child_process';
import { join } from 'path';
import { pathToFileURL } from 'url';
import * as source from '../../src';

const LIBRARY = join(__dirname, '..', '..', 'lib', 'index.js');

function run(type: 'module' | 'commonjs', code: string): string {
  return execFileSync(process.execPath, [`--input-type=${type}`, '-e', code], { encoding: 'utf8' }).trim();
}

test('an ES module imports each export by its name', () => {
  const names = Object.keys(source);
  const code = `import { ${names.join(', ')} } from ${JSON.stringify(pathToFileURL(LIBRARY).href)};
    console.log([${names.join(', ')}].filter((one) => one === undefined).length);`;
  expect(names.length).toBeGreaterThan(40);
  expect(run('module', code)).toBe('0');
});

test('what is not used is not loaded', () => {
  const loaded = (use: string) => JSON.parse(run('commonjs', `
    const library = require(${JSON.stringify(LIBRARY)});
    ${use}
    console.log(JSON.stringify(Object.keys(require.cache).map((file) => file.split(/[\\/]/).slice(-2).join('/'))));`)) as string[];
  expect(loaded('').length).toBe(1);
  const used = loaded('library.Wait.inBackground();');
  expect(used).toContain('jobs/wait.js');
  expect(used).not.toContain('hosting/model.js');
});
