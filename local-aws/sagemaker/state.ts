import { CompilationJob } from './compilation-jobs';
import { EndpointConfig } from './endpoint-configs';
import { Endpoint } from './endpoints';
import { Job } from './jobs';
import { ModelPackageGroup } from './model-package-groups';
import { ModelPackage } from './model-packages';
import { Model } from './models';

/** A resource tag, as the API has it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Everything that SageMaker keeps for an account in a Region. Each noun has its file. */
export class State {
  public readonly groups = new Map<string, ModelPackageGroup>();
  /** By `name` or `group/version`. */
  public readonly packages = new Map<string, ModelPackage>();
  public readonly models = new Map<string, Model>();
  public readonly endpointConfigs = new Map<string, EndpointConfig>();
  public readonly endpoints = new Map<string, Endpoint>();
  public readonly jobs = new Map<string, Job>();
  public readonly compilationJobs = new Map<string, CompilationJob>();
  /** By ARN, of everything that takes tags. */
  public readonly tags = new Map<string, Tag[]>();
}
