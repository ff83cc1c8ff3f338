import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Endpoint, EndpointConfig, Model, Recommendation, Variant } from 'cdk-sagemaker-inference-recommender';

// Another team deploys at any time: each deploy reads the current recommendation, even if the app has not changed.
const app = new App();
const stack = new Stack(app, 'Consumer');
const best = Recommendation.fromSsmParameter(stack, 'Best', { parameterPath: '/ml/shop/recommendation' });
const model = new Model(stack, 'Model', { recommendation: best });
const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
const endpoint = new Endpoint(stack, 'Endpoint', { endpointConfig: config });

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
