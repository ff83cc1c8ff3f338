import { contentOf, countedRequest, TARGET_NAMES, without } from '../../../src/service/job-content';
import type { Content, EtagOf, JobRequest } from '../family';

/** The content of a request and its target, in which objects in S3 count by their ETags, as far as these may be read. */
export async function contentOfJob(request: JobRequest, target: object, etagOf: EtagOf): Promise<Content> {
  const { InputConfig = {}, ...rest } = countedRequest(request);
  const whole = { ...rest, InputConfig: without(InputConfig as JobRequest, TARGET_NAMES), target };
  const etags = new Map<string, string | undefined>();
  for (const address of contentOf(whole).unknown) { etags.set(address, await etagOf(address)); }
  return contentOf(whole, etags);
}
