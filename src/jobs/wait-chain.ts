import { CfnResource, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct, IConstruct, IDependable } from 'constructs';
import { paidBenchmark } from './paid-content';
import { dependOnPoliciesOf } from '../common/dependencies';
import { lazily } from '../common/render';
import { scopeProperties } from '../common/scope';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { JobProperties, jobResourceType, WaitProperties } from '../contract/start';
import { SERVICE_TIMEOUT_SECONDS } from '../contract/waiting';
import { recommendationsOf } from '../recommendation/facts';
import type { JobFamily } from '../runtime/job-family';
import { Runtime } from '../runtime/runtime';

/** A resource that waits for a job, or for its stop, may take CloudFormation's full hour. */
export const LONGEST = Duration.seconds(SERVICE_TIMEOUT_SECONDS);

/** Starts a job. Its role must exist before it, with all permissions, and must outlive it. */
export function startResource(scope: Construct, family: JobFamily, properties: JobProperties, role: IDependable): CfnResource {
  const { Trigger: trigger, Reuse: reuse, Request } = properties;
  const all: JobProperties = { ...properties, PaidBenchmark: paidBenchmark(scope, { trigger, reuse, counted: family.counted(Request) }) };
  const runtime = Runtime.of(scope);
  const resource = runtime.start(family).provide(scope, 'Resource', jobResourceType(family.name, ''), all, LONGEST);
  dependOnPoliciesOf(role, resource);
  runtime.watch(family, resource);
  return resource;
}

/** What the start resource tells of the job that it has found or started. */
export function jobOf(start: CfnResource): { readonly JobName: string; readonly AskedAt: string } {
  return { JobName: start.getAtt('JobName').toString(), AskedAt: start.getAtt('AskedAt').toString() };
}

/**
 * Waits for a job. A custom resource has at most an hour, so several stages wait, one after the other. Each stage passes the job's name to the next
 * one. The last stage passes it to the users of the job.
 */
export function waitChain(scope: Construct, family: JobFamily, properties: Omit<WaitProperties, 'Stage'>): string {
  const start = Runtime.of(scope).start(family);
  let jobName = properties.JobName;
  for (let stage = 1; stage <= Number(properties.Stages); stage++) {
    const given: WaitProperties = { ...properties, JobName: jobName, Stage: `${stage}` };
    jobName = start.provide(scope, `Wait${stage}`, jobResourceType(family.name, 'Wait'), given, LONGEST).getAtt('JobName').toString();
  }
  return jobName;
}

/** Waits for an imported job, which the library never starts, tags or stops. */
export function waitForImported(job: Construct, family: JobFamily, jobName: string, stages: number): string {
  Runtime.of(job).allowReadJob(family, jobName);
  return waitChain(job, family, {
    ...scopeProperties(job, 'construct'),
    SchemaVersion: SCHEMA_VERSION,
    Request: {},
    IsImported: 'true',
    JobName: jobName,
    ToleratesFailure: toleratesFailure(job),
    Stages: `${stages}`,
  });
}

/** Whether the deploy goes on if the job fails, because one of its recommendations has a fallback. Read when the template is made. */
export function toleratesFailure(job: IConstruct): string {
  return lazily<string>(() => (recommendationsOf(job).some(({ hasFallback }) => hasFallback) ? 'true' : undefined));
}

export function logicalIdOf(resource: CfnResource): string {
  return Stack.of(resource).getLogicalId(resource);
}
