import { CreateAIBenchmarkJobCommand, ListAIBenchmarkJobsCommand } from '@aws-sdk/client-sagemaker';
import { aiBenchmarksReader } from './reader';
import { aiJobStarter, outputPlace } from '../ai-job-starter';
import type { JobFamily } from '../family';

/** Jobs that benchmark an endpoint of a generative model. The annotation lets a bundle leave this out. */
export const aiBenchmarks: JobFamily = /* @__PURE__ */ Object.assign({}, aiBenchmarksReader, aiJobStarter(aiBenchmarksReader, {
  noun: 'AIBenchmarkJob',
  shape: 'CreateAIBenchmarkJobRequest',
  arnResource: 'ai-benchmark-job',
  create: CreateAIBenchmarkJobCommand,
  list: ListAIBenchmarkJobsCommand,
  // The endpoint exists.
  needs: (request) => ({ places: outputPlace(request), tried: { each: [], some: [], isServerlessToo: false } }),
}));
