/**
 * Members of InferenceSpecification that are mandatory for a package by name and optional for a version of a group.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceSpecification.html
 */
export const REQUIRED_OF_UNVERSIONED = ['SupportedTransformInstanceTypes', 'SupportedRealtimeInferenceInstanceTypes'] as const;
