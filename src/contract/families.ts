/** The names of the families of jobs, as resource types and properties use them. */
export const INFERENCE_RECOMMENDATIONS = 'InferenceRecommendations';
