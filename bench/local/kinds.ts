import { Duration, Stack } from 'aws-cdk-lib';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Account } from './account';
import { Benchmark, benchmarkProvider } from '../alternatives/provider-framework';
import { job } from '../apps/ours';

/** How a stack gets jobs: with this library, or with the framework at its default interval or at a minute. */
export type Kind = 'ours' | '(a) at 60 s' | '(a) at its default 5 s';

export const KINDS: readonly Kind[] = ['ours', '(a) at 60 s', '(a) at its default 5 s'];

export interface JobOptions {
  readonly id: string;
  /** Description of the job. The bench's own script selects its run by it. */
  readonly description?: string;
}

/** Adds jobs. The framework's jobs share one provider, because with one each no more than 24 fit. */
export function addJobs(stack: Stack, kind: Kind, account: Account, jobs: readonly JobOptions[]): void {
  if (kind === 'ours') { return jobs.forEach(({ id, description }) => { job(stack, id, account.packageArn, description); }); }
  const provider: Provider = benchmarkProvider(stack, 'Provider', {
    code: account.code, queryInterval: kind === '(a) at 60 s' ? Duration.seconds(60) : undefined,
  });
  jobs.forEach(({ id, description }) => new Benchmark(stack, id, { modelPackageArn: account.packageArn, provider, description }));
}

/** The resource that holds a job's result in the template, by its logical id. */
export function resultOf(kind: Kind, id: string): RegExp {
  return new RegExp(kind === 'ours' ? `^${id}Best[0-9A-F]{8}$` : `^${id}[0-9A-F]{8}$`);
}
