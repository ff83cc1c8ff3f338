import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { packageIn, jobIn } from './fixtures';
import { BenchmarkTarget, InferenceRecommendationsJob, InstanceType, Model, ModelPackageGroup, ModelRegistryBenchmark, Wait, EndpointConfig, Variant, Endpoint } from '../../src';

const app = () => new App({ analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true } });
const dump = (s: Stack) => JSON.stringify(Template.fromStack(s).toJSON(), null, 1);

function cyc(t: any): string[] {
  const R = t.Resources; const deps: Record<string, Set<string>> = {};
  for (const [id, r] of Object.entries<any>(R)) {
    const set = new Set<string>([r.DependsOn ?? []].flat());
    JSON.stringify(r, (_k, v) => { if (v && v.Ref && R[v.Ref]) set.add(v.Ref); if (v && v['Fn::GetAtt']) set.add(v['Fn::GetAtt'][0]); return v; });
    deps[id] = set;
  }
  const state: Record<string, number> = {}; const out: string[] = [];
  const visit = (id: string, path: string[]) => { if (state[id] === 2) return; if (state[id] === 1) { out.push([...path.slice(path.indexOf(id)), id].join(' > ')); return; } state[id] = 1; for (const d of deps[id] ?? []) visit(d, [...path, id]); state[id] = 2; };
  Object.keys(R).forEach((id) => visit(id, []));
  return out;
}

test('imported cycle', () => {
  const s = new Stack(app(), 'Shop');
  const job = InferenceRecommendationsJob.fromJobAttributes(s, 'J', { jobName: 'abc', maxDuration: require('aws-cdk-lib').Duration.hours(2) });
  job.addRecommendation('Best', {});
  console.log(cyc(Template.fromStack(s, { skipCyclicalDependenciesCheck: true }).toJSON()));
});

test('handover', () => {
  const a = app();
  const p = new Stack(a, 'Producer'); const c = new Stack(a, 'Consumer');
  const pkg = packageIn(p);
  const job = new InferenceRecommendationsJob(p, 'Job', { target: BenchmarkTarget.fromModelPackage(pkg) });
  const best = job.addRecommendation('Best');
  const model = new Model(c, 'Model', { recommendation: best });
  const config = new EndpointConfig(c, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
  new Endpoint(c, 'Endpoint', { endpointConfig: config });
  console.log(dump(c)); console.log(Object.keys(Template.fromStack(p).toJSON()), JSON.stringify(Template.fromStack(p).toJSON().Outputs));
});

test('registry without jobs', () => {
  const a = app(); a.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true);
  const s = new Stack(a, 'Shop');
  new ModelRegistryBenchmark(s, 'R', { modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(s, 'G', 'group'), fallback: { instanceType: InstanceType.ML_C5_LARGE } });
  try { console.log(dump(s)); } catch (e) { console.log(String(e).slice(0, 500)); }
});
test('registry', () => {
  const a = app();
  const s = new Stack(a, 'Shop');
  new ModelRegistryBenchmark(s, 'R', { modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(s, 'G', 'group'), fallback: { instanceType: InstanceType.ML_C5_LARGE }, renewEvery: require('aws-cdk-lib').Duration.days(30), maxJobsPerMonth: 4 });
  const t = Template.fromStack(s).toJSON();
  console.log(JSON.stringify(Object.fromEntries(Object.entries<any>(t.Resources).filter(([, r]) => /Rule|Custom/.test(r.Type))), null, 1));
});
test('scope', () => {
  const a = app();
  const s = new Stack(a, 'Shop'); const o = new Stack(a, 'Other');
  const job = jobIn(s, { wait: Wait.inBackground() });
  job.onCompleted('Done', { crossStackScope: o });
  console.log(dump(o));
});
