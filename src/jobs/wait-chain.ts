import { CfnResource, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import { Runtime } from '../runtime/runtime';
import {
  COMPILATIONS_RESOURCE_TYPE, CompilationsProperties, JobProperties, SCHEMA_VERSION, START_RESOURCE_TYPE, WAIT_RESOURCE_TYPE, WaitProperties,
} from '../contract/contract';
import { SERVICE_TIMEOUT_SECONDS } from '../contract/waiting';

/** What waits for a job, or for its end, has all of CloudFormation's hour. */
export const LONGEST = Duration.seconds(SERVICE_TIMEOUT_SECONDS);

/** Starts a job. Its role must be there before it is, with all that it may do, and must outlive it. */
export function startResource(scope: Construct, properties: JobProperties, role: IDependable): CfnResource {
  const { start } = Runtime.of(scope);
  const resource = start.provide(scope, 'Resource', START_RESOURCE_TYPE, properties, LONGEST);
  resource.node.addDependency(role);
  return resource;
}

/** A custom resource has at most an hour, so one after the other waits; each gives the job's name to the next, and the last to whoever comes after. */
export function waitLinks(scope: Construct, properties: Omit<WaitProperties, 'Link' | 'Links'>, links: number): string {
  const { start } = Runtime.of(scope);
  let jobName = properties.JobName;
  for (let link = 1; link <= links; link++) {
    const linkProperties: WaitProperties = { ...properties, JobName: jobName, Link: `${link}`, Links: `${links}` };
    jobName = start.provide(scope, `Wait${link}`, WAIT_RESOURCE_TYPE, linkProperties, LONGEST).getAtt('JobName').toString();
  }
  return jobName;
}

/** Deletes, when it goes, the compilation jobs of all jobs that the start resource ever started. */
export function deleteCompilations(scope: Construct, start: CfnResource): void {
  const runtime = Runtime.of(scope);
  const properties: CompilationsProperties = { SchemaVersion: SCHEMA_VERSION, JobLogicalId: logicalIdOf(start) };
  const resource = runtime.conclude.provide(scope, 'Compilations', COMPILATIONS_RESOURCE_TYPE, properties, LONGEST);
  resource.node.addDependency(runtime.compilationsPolicy);
  // Deleted after it: a job that runs is stopped first, and compiles no more.
  start.node.addDependency(resource);
}

export function logicalIdOf(resource: CfnResource): string {
  return Stack.of(resource).getLogicalId(resource);
}
