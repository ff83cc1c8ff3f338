import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { InstanceType, Objective, RecommendedEndpoint } from 'cdk-sagemaker-inference-recommender';
import { exampleModelPackage } from './model-package';

// This app turns a package into an endpoint. It runs the instances that the expected load needs, and scales them with the traffic.
const app = new App();
const stack = new Stack(app, 'AutoScaling');
const served = new RecommendedEndpoint(stack, 'Served', {
  modelPackage: exampleModelPackage(stack),
  // `cdk deploy -c objective=latency` changes the endpoint to the fastest recommendation.
  objective: app.node.tryGetContext('objective') === 'latency' ? Objective.lowestLatency() : Objective.lowestCostPerHour(),
  limits: { allowCompiledModels: false, refusedInstanceFamilies: ['ml.c5d'] },
  targetLoad: { invocationsPerMinute: 50_000, headroomPercent: 20 },
  fallback: { instanceType: InstanceType.ML_C5_2XLARGE, initialInstanceCount: 4 },
  explain: true,
  autoScaling: { minCapacity: 2, maxInvocationsPerMinute: 200_000 },
});
const { recommendation, autoScaling, endpoint } = served;
// The endpoint beside what its benchmark promised. Two instances always run, so a request may cost more at night.
served.addDashboard('Dashboard', { costFactor: 4 });

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InstanceType', { value: recommendation!.instanceType });
new CfnOutput(stack, 'MaxCapacity', { value: `${autoScaling!.maxCapacity}` });
