/** The names of the families of jobs, as resource types and properties use them. */
export const INFERENCE_RECOMMENDATIONS = 'InferenceRecommendations';
/** Jobs that optimize, benchmark and recommend for a generative model. */
export const AI_RECOMMENDATIONS = 'AIRecommendation';
/** Jobs that benchmark an endpoint of a generative model. */
export const AI_BENCHMARKS = 'AIBenchmark';
/** No jobs: what the service recommends with a model. The name of a job is that of the model. */
export const DEPLOYMENT_RECOMMENDATIONS = 'DeploymentRecommendation';
