import { INFERENCE_RECOMMENDATIONS } from '../../src/contract/families';
import { jobResourceType } from '../../src/contract/start';

/** The types of the custom resources of an inference recommendation job. */
export const START_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, '');
export const WAIT_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, 'Wait');
export const FOLLOW_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, 'Follow');
export const REGISTRY_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, 'Registry');
export const APPROVALS_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, 'Approvals');
export const COMPILATIONS_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, 'Compilations');
export const WATCHES_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, 'Watches');
export const RESULTS_RESOURCE_TYPE = jobResourceType(INFERENCE_RECOMMENDATIONS, 'Results');
