/**
 * Members of InferenceSpecification that a package by name must have, and a version of a group may leave out.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceSpecification.html
 */
export const REQUIRED_OF_UNVERSIONED = ['SupportedTransformInstanceTypes', 'SupportedRealtimeInferenceInstanceTypes'] as const;
