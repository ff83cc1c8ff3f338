import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, Model, Recommendation, RecommendationReplica, ReplicaRole, Variant,
} from 'cdk-sagemaker-inference-recommender';
import { exampleModelPackage } from './model-package';

// One account pays for the benchmark. Another account serves the model on what it recommends.
const BENCHMARK = { account: '111111111111', region: 'us-east-1' };
const SERVICE = { account: '222222222222', region: 'us-east-1' };
const parameterPath = '/ml/shop/recommendation';
const app = new App();

// The service's account lets the benchmark's account write below the path, and nothing else.
const access = new Stack(app, 'TwoAccountsAccess', { env: SERVICE });
const role = new ReplicaRole(access, 'Replica', { sourceAccount: BENCHMARK.account, parameterPath, roleName: 'shop-recommendation' });

const benchmark = new Stack(app, 'TwoAccountsBenchmark', { env: BENCHMARK });
const job = new InferenceRecommendationsJob(benchmark, 'Job', { target: BenchmarkTarget.fromModelPackage(exampleModelPackage(benchmark)) });
// A compiled model would be in the benchmark's account.
const best = job.addRecommendation('Best', { parameterPath, limits: { allowCompiledModels: false } });
new RecommendationReplica(benchmark, 'Theirs', { recommendation: best, region: SERVICE.region, role });

// The service registers the same model in its own account, and reads the copy of the recommendation.
const service = new Stack(app, 'TwoAccountsService', { env: SERVICE });
service.addDependency(benchmark, 'it reads what the benchmark has written');
const modelPackage = exampleModelPackage(service);
const copied = Recommendation.fromSsmParameter(service, 'Best', { parameterPath, modelPackage });
const model = new Model(service, 'Model', { recommendation: copied });
const config = new EndpointConfig(service, 'Config', { variants: [Variant.fromRecommendation(model, copied)] });
new CfnOutput(service, 'EndpointName', { value: new Endpoint(service, 'Endpoint', { endpointConfig: config }).endpointName });
new CfnOutput(service, 'InstanceType', { value: copied.instanceType });
