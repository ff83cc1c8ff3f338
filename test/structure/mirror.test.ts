import { existsSync, readdirSync, readFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** Sources without a test of their own name, by the test that covers them through a public door. */
const TESTED_BY: Readonly<Record<string, readonly string[]>> = {
  'test/bench/bundle': ['lambda/bundle', 'lambda/runtime/json-service'],
  'test/e2e/copies': ['src/common/copies'],
  'test/e2e/create': ['lambda/start/index', 'lambda/recommend/index', 'lambda/model/index', 'lambda/wait-end/index'],
  'test/e2e/registry': ['lambda/approve/index'],
  'test/e2e/replica': ['lambda/replica/index'],
  'test/security/bundles': ['lambda/scaling/index'],
  'test/lambda/approve/approval': ['lambda/approve/handler'],
  'test/lambda/jobs/ai-benchmarks/results': ['src/contract/ai-benchmark'],
  'test/lambda/jobs/inference-recommendations/cost': ['src/service/benchmark-cost'],
  'test/lambda/jobs/ai-job-starter': ['lambda/jobs/ai-benchmarks/family', 'lambda/jobs/ai-recommendations/family'],
  'test/lambda/jobs/ai-jobs': ['lambda/jobs/ai-benchmarks/reader', 'lambda/jobs/ai-recommendations/reader'],
  'test/lambda/jobs/jobs.gone': ['lambda/jobs/gone'],
  'test/lambda/jobs/inference-recommendations/results': ['lambda/jobs/inference-recommendations/reader', 'lambda/jobs/inference-recommendations/steps'],
  'test/lambda/model/handler': ['lambda/model/copy'],
  'test/lambda/jobs/preflight/preflight': ['lambda/jobs/preflight/checked'],
  'test/lambda/recommend/publish': ['lambda/runtime/parameters'],
  'test/lambda/recommend/rank': ['lambda/jobs/inference-recommendations/recommendations', 'lambda/recommend/criteria', 'src/service/limits'],
  'test/lambda/recommend/recommendation': ['lambda/recommend/decide', 'lambda/recommend/handler'],
  'test/lambda/recommend/recommendation.background': ['lambda/recommend/publish-followed'],
  'test/local-aws/cloudwatch/wire': ['lambda/runtime/cloudwatch'],
  'test/lambda/runtime/objects': ['lambda/runtime/signed'],
  'test/lambda/runtime/stacks': ['lambda/runtime/xml'],
  'test/lambda/scaling/handler': ['lambda/scaling/record', 'lambda/scaling/register'],
  'test/lambda/start/follow': ['lambda/jobs/following'],
  'test/security/roles': ['src/runtime/permissions'],
  'test/src/runtime/wait-machine.watch': ['lambda/wait-end/watch'],
  'test/lambda/start/handler': ['lambda/runtime/custom-resource'],
  'test/lambda/start/start-job': [
    'lambda/jobs/family', 'lambda/jobs/inference-recommendations/family', 'lambda/runtime/errors',
    'src/service/job-status',
  ],
  'test/lambda/wait-end/end': ['lambda/wait-end/handler'],
  'test/security/runtime-options': ['src/runtime/inference-recommender-runtime', 'src/runtime/runtime-options'],
  'test/src/contract/waiting': ['src/jobs/family'],
  'test/src/hosting/config-options': ['src/hosting/clarify-explainer'],
  'test/src/hosting/data-capture': ['src/hosting/s3-destination'],
  'test/src/hosting/endpoint': ['src/hosting/endpoint-base'],
  'test/src/hosting/endpoint-autoscaling': ['src/hosting/endpoint-autoscaling-props', 'src/hosting/scaled-variants', 'src/hosting/scaling-target'],
  'test/src/hosting/endpoint-config.hardware': ['src/model-package/image-hardware'],
  'test/src/hosting/endpoint-config.options': ['src/hosting/hosting-advice'],
  'test/src/hosting/inference-component': [
    'src/hosting/inference-component-base', 'src/hosting/inference-component-options', 'src/hosting/inference-component-specification',
  ],
  'test/src/hosting/model': ['src/hosting/model-container', 'src/hosting/model-role', 'src/hosting/model-source'],
  'test/src/hosting/mixins/recommended-hosting': ['src/hosting/mixins/served-model'],
  'test/src/runtime/inference-recommender-finding': ['src/common/wildcards'],
  'test/src/model-package/model-package-group.policy': ['src/model-package/model-package-group-grants'],
  'test/src/hosting/endpoint-grants': ['src/hosting/inference-component-grants'],
  'test/src/hosting/variant': ['src/hosting/variant-capacity', 'src/hosting/variant-props', 'src/hosting/variant-strategies'],
  'test/src/jobs/generative/workload': ['src/jobs/generative/workload-parameters'],
  'test/src/jobs/generative/workload-config': ['src/jobs/generative/workload-facts'],
  'test/src/jobs/generative/workload-data': ['src/jobs/generative/workload-binding'],
  'test/src/jobs/benchmark-target': ['src/common/facts'],
  'test/src/jobs/generative/ai-job-request': [
    'src/jobs/generative/generative-job-options', 'src/jobs/generative/generative-model-source', 'src/jobs/generative/lora-adapter',
    'src/jobs/generative/s3-folder',
  ],
  'test/src/jobs/generative/ai-recommendation-job': ['src/jobs/generative/family', 'src/jobs/generative/generative-job'],
  'test/src/jobs/follower': ['src/jobs/wait', 'src/runtime/event-rule'],
  'test/src/jobs/inference-recommendations-job': ['src/contract/start', 'src/jobs/benchmark-results', 'src/jobs/wait-chain'],
  'test/src/jobs/job-check': ['src/service/words'],
  'test/src/jobs/job-hardware': ['src/recommendation/choice-hardware'],
  'test/src/jobs/job-request': ['src/common/render', 'src/jobs/container-config'],
  'test/src/jobs/job-role': ['src/common/network'],
  'test/src/model-package/container-image': ['src/model-package/image-pull'],
  'test/src/model-package/s3-source': ['src/model-package/s3-object'],
  'test/src/model-package/model-package': ['src/model-package/inference-specification'],
  'test/src/model-package/model-package.bounds': ['src/common/check'],
  'test/src/model-package/model-package.grants': ['src/model-package/facts'],
  'test/src/model-package/model-package.properties': [
    'src/model-package/model-metrics', 'src/model-package/model-package-props', 'src/model-package/package-parts',
  ],
  'test/src/model-package/package-validation': ['src/model-package/validation-request'],
  'test/src/patterns/model-registry-benchmark': ['src/patterns/registry-jobs'],
  'test/src/patterns/recommendation-dashboard': ['src/patterns/endpoint-graphs'],
  'test/src/references': ['src/common/refs'],
  'test/src/recommendation/next-best': ['src/contract/pools'],
  'test/src/recommendation/recommendation': ['src/common/names', 'src/recommendation/chosen', 'src/recommendation/facts', 'src/recommendation/recommendation-base'],
  'test/src/recommendation/recommendation-options': ['src/recommendation/recommendation-request', 'src/recommendation/choice-request'],
  'test/src/recommendation/generative-recommendation': [
    'src/recommendation/generative-base', 'src/recommendation/generative-objective', 'src/recommendation/generative-request',
  ],
  'test/src/recommendation/recommendation.from-attributes': ['src/recommendation/figures'],
  'test/src/service/estimate': ['src/service/usd'],
  'test/src/runtime/runtime': ['src/common/dependencies', 'src/runtime/handler', 'src/runtime/runtime-function'],
};

/** What has nothing to run, and why. */
const NOTHING_TO_TEST: Readonly<Record<string, readonly string[]>> = {
  'types only': [
    'src/common/network-options', 'src/contract/wait-end', 'src/hosting/endpoint-config-props',
    'src/hosting/inference-component-props', 'src/patterns/recommended-endpoint-props', 'src/recommendation/generative-options', 'src/hosting/instance-options', 'src/hosting/metrics-config', 'src/hosting/model-props', 'src/jobs/generative/workload-interface', 'src/jobs/inference-recommendations-job-props', 'src/jobs/generative/ai-benchmark-job-props',
    'src/jobs/generative/ai-recommendation-job-props', 'src/model-package/model-package-container',
    'src/model-package/source-algorithm', 'src/recommendation/recommendation-attributes', 'src/recommendation/recommendation-interface',
    'src/runtime/job-family',
  ],
  'names and types that both sides share': [
    'src/contract/custom-resource', 'src/contract/events', 'src/contract/families', 'src/contract/model', 'src/contract/promise', 'src/contract/recommend',
    'src/contract/replica', 'src/contract/scaling',
  ],
  'an enum': ['src/common/endpoint-type', 'src/jobs/generative/workload-props', 'src/jobs/generative/workload-traffic', 'src/jobs/job-reuse', 'src/patterns/recommendation-dashboard-props'],
  'tables that are empty at first': ['src/hosting/facts', 'src/hosting/pool-models'],
  'data of the service': ['src/service/metrics-rules', 'src/service/model-package-rules', 'src/service/shapes'],
  'exports only': ['src/index'],
};

const below = (folder: string, ending: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith(ending) && !file.endsWith('.d.ts')).map((file) => `${folder}/${file.slice(0, -ending.length).replace(/\\/g, '/')}`);

const sources = [...below('src', '.ts'), ...below('lambda', '.ts')];
// What lies in no room is about the whole.
const tests = [...below('test/src', '.test.ts'), ...below('test/lambda', '.test.ts')].filter((path) => path.split('/').length > 3);
const sourceOf = (path: string) => join(dirname(path).replace(/^test\//, ''), basename(path).split('.')[0]).replace(/\\/g, '/');
const mirrored = new Set(tests.map(sourceOf));
const tabled = Object.values(TESTED_BY).flat();
const exempt = Object.values(NOTHING_TO_TEST).flat();

test('a test is named after a source', () => {
  expect(tests.length).toBeGreaterThan(60);
  expect(tests.filter((path) => !sources.includes(sourceOf(path)))).toEqual([]);
});

test('a source has a test of its name, or one of the tables says why not', () => {
  expect(sources.filter((path) => !mirrored.has(path) && !tabled.includes(path) && !exempt.includes(path))).toEqual([]);
});

test('the tables name what there is, once, and nothing that has a test of its name', () => {
  const listed = [...tabled, ...exempt];
  expect(Object.keys(TESTED_BY).filter((path) => !existsSync(join(ROOT, `${path}.test.ts`)))).toEqual([]);
  expect(listed.filter((path, at) => !sources.includes(path) || mirrored.has(path) || listed.indexOf(path) !== at)).toEqual([]);
});

test.each(exempt)('%s has nothing to run', (path) => {
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, `${path}.ts`), 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
  });
  expect(outputText.replace(/\(function \((\w+)\) \{(\s+\1\[.*;)+\s+\}\)/, '')).not.toMatch(/\bfunction\b|=>|\bclass\b/);
});
