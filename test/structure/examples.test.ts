import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { APPS, EXAMPLES, packageOf, readmeOf } from '../harness/examples';

const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
const filesOf = (app: string) => readdirSync(join(EXAMPLES, app)).filter((name) => name !== 'cdk.out' && name !== 'node_modules');
const textOf = (app: string, name: string) => readFileSync(join(EXAMPLES, app, name), 'utf8');

test('each example is found', () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !['node_modules', 'python'].includes(entry.name));
  expect([...new Set(APPS.map((app) => app.split('/')[0]))]).toEqual(folders.map(({ name }) => name).sort());
});

describe.each(APPS)('the example %s can be copied out of the repository', (app) => {
  test('it has what a new app has', () => {
    expect(filesOf(app)).toEqual(expect.arrayContaining(['app.ts', 'cdk.json', 'package.json', 'tsconfig.json']));
  });

  test('it imports its own files and the packages that it declares', () => {
    const { dependencies } = packageOf(app);
    for (const file of filesOf(app).filter((name) => name.endsWith('.ts'))) {
      const imported = [...textOf(app, file).matchAll(/(?:from|import\(|require\()\s*'([^']+)'/g)].map(([, name]) => name);
      expect(imported.length).toBeGreaterThan(0);
      for (const name of imported) {
        const own = name.startsWith('.');
        const declared = own ? existsSync(join(EXAMPLES, app, `${name}.ts`)) && !name.includes('..')
          : ['fs', 'path'].includes(name) || name.split('/')[0] in dependencies;
        expect({ file, name, declared }).toMatchObject({ declared: true });
      }
      // What is read is in the folder, too.
      expect(textOf(app, file)).not.toMatch(/['"`/]\.\.(\/|['"`])/);
    }
  });

  test('its packages are those that the library works with', () => {
    const example = packageOf(app);
    expect(example.dependencies).toEqual({
      'aws-cdk-lib': peerDependencies['aws-cdk-lib'], 'cdk-sagemaker-inference-recommender': '*', 'constructs': peerDependencies.constructs,
    });
    expect(example.devDependencies['aws-cdk']).toBe(devDependencies['aws-cdk']);
    expect(example.name).toBe(`example-${app.split('/').pop()}`);
  });

  test('its README says what it makes, what it costs, and how it is deployed, rehearsed and removed', () => {
    const text = readmeOf(app);
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(expect.arrayContaining(['What it makes', 'What it costs', 'Rehearse', 'Deploy', 'Clean up']));
    expect(text).toMatch(/npx inference-recommender rehearse .*-- /);
    const lines = text.split('\n').length;
    expect(lines).toBeGreaterThanOrEqual(20);
    expect(lines).toBeLessThanOrEqual(80);
  });
});

test('files that several examples have are the same in each', () => {
  // An app's own name or context is its own. All else is copied, so it is mended in all of them.
  for (const name of ['cdk.json', 'tsconfig.json', 'model-package.ts', 'listener.ts']) {
    const texts = APPS.filter((app) => filesOf(app).includes(name)).map((app) => textOf(app, name));
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(1);
  }
});
