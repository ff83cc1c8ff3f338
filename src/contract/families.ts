/** The names of the families of jobs, in resource types and properties. */
export const INFERENCE_RECOMMENDATIONS = 'InferenceRecommendations';
