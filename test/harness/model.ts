import { ROLE_ARN } from './place';
import type { ModelProperties } from '../../src/contract/model';

/** The properties of a model that a function makes, for the package that everything here benchmarks. */
export const modelProperties = (overrides: Partial<ModelProperties> = {}): ModelProperties => ({
  SchemaVersion: '1',
  ModelPackageName: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/group/1',
  InferenceSpecificationName: '',
  CompilationJobName: '',
  Environment: '{}',
  ExecutionRoleArn: ROLE_ARN,
  ...overrides,
});

/** What DescribeCompilationJob says of a model that SageMaker Neo compiled. */
export const COMPILATION: any = { InferenceImage: 'neo-image', ModelArtifacts: { S3ModelArtifacts: 's3://bucket/compiled.tar.gz' } };
