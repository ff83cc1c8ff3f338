import { aiBenchmarksViewer, aiRecommendationsViewer } from './generative-jobs';
import { inferenceRecommendationsViewer } from './inference-recommendations';
import { instantViewer } from './instant';
import type { JobView, JobViewer } from './job';
import { newestAttempt } from '../../../lambda/jobs/jobs';
import { isNotFound } from '../../../lambda/runtime/errors';
import { recordedJson } from '../../../src/service/recorded-job';
import type { Account } from '../account/account';
import { isDenied } from '../account/sentences';

/** All families, in the order in which a bare name is looked for. */
const VIEWERS: readonly JobViewer[] = [inferenceRecommendationsViewer, aiRecommendationsViewer, aiBenchmarksViewer, instantViewer];

/** `undefined` for a family of a newer version, or of somebody else. */
export function viewerOf(family: string | undefined): JobViewer | undefined {
  return VIEWERS.find(({ reader }) => reader.name === family);
}

/** What the name of a family's job follows in a sentence. */
export function nounOf(family: string | undefined): string {
  return viewerOf(family)?.noun ?? 'job';
}

/** `undefined` if the service does not know the job. */
export async function readJob(account: Account, family: string | undefined, name: string): Promise<JobView | undefined> {
  const viewer = viewerOf(family);
  const found = await viewer?.described(account.sagemaker, name);
  return found && viewer!.viewOf(found, account);
}

/** The newest attempt of a job. `undefined` if the service knows none. */
export async function readNewest(account: Account, family: string | undefined, id: string): Promise<JobView | undefined> {
  const viewer = viewerOf(family);
  if (!viewer) { return undefined; }
  const newest = await newestAttempt({
    describe: async (_client, name) => {
      const found = await viewer.described(account.sagemaker, name);
      return found && { ...viewer.jobOf(found), found };
    },
  }, account.sagemaker, id);
  return newest && viewer.viewOf((newest.job as unknown as { readonly found: unknown }).found, account);
}

/** The family and the name in the ARN of a job or a model. */
export function jobInArn(word: string): { readonly family: string; readonly name: string } | undefined {
  const [, resource, name] = /^arn:[^:]*:sagemaker:[^:]*:[^:]*:([^/]+)\/(.+)$/.exec(word) ?? [];
  const viewer = VIEWERS.find(({ arnResource }) => arnResource === resource);
  return viewer && { family: viewer.reader.name, name };
}

/** What was found of a name, and the denials of the families that could not be asked. */
export interface FoundJob {
  readonly job?: JobView;
  readonly denials: readonly unknown[];
}

/** The job of a name, of whatever family. A family that the Region has not, or that the user may not read, is left out. */
export async function findJob(account: Account, name: string): Promise<FoundJob> {
  const denials: unknown[] = [];
  for (const { reader } of VIEWERS) {
    try {
      const job = await readJob(account, reader.name, name);
      if (job) { return { job, denials }; }
    } catch (error) {
      if (isDenied(error)) { denials.push(error); } else if (!isNoName(error)) { throw error; }
    }
  }
  return { denials };
}

/** A name that a family refuses is none of its jobs'. A Region without the family has none. */
function isNoName(error: unknown): boolean {
  return isNotFound(error) || ['ValidationException', 'UnknownOperationException'].includes((error as Error).name);
}

/**
 * A job of what a command has printed of it, without an account.
 *
 * @throws Error with one sentence if it is of no family
 */
export function recordedView(text: string, file: string): JobView {
  const [first, ...others] = VIEWERS;
  const answer = answerIn(text);
  const viewer = others.find(({ isRecorded }) => isRecorded(answer)) ?? first;
  try {
    return viewer.recorded(answer, text, file);
  } catch (error) {
    if (viewer === first) {
      throw new Error(`${file}: ${(error as Error).message} A generative job, a model, output.tar.gz and profile_export_aiperf.json are taken, too.`);
    }
    const said = error instanceof TypeError ? `it has members of another form than \`aws sagemaker\` prints (${error.message})` : (error as Error).message;
    throw new Error(`${file}: ${said}`);
  }
}

/** The first family takes YAML as well, and says what is wrong with a file. */
function answerIn(text: string): Readonly<Record<string, any>> {
  try {
    const found = recordedJson(text);
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}

/** The names of the jobs in a namespace, the newest first. */
export async function jobsWithPrefix({ sagemaker }: Account, family: string | undefined, namespace: string): Promise<string[]> {
  const listed = (await viewerOf(family)?.list?.(sagemaker, `${namespace}-`) ?? []).filter(({ name }) => name.startsWith(`${namespace}-`));
  return listed.sort((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0)).map(({ name }) => name);
}
