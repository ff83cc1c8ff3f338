import { asFolder } from '../../../src/service/ai-job-content';
import { ArchiveLimits, BenchmarkArchiveError, BenchmarkResults, benchmarkResults, checkArchiveBytes, MOST_ARCHIVE_BYTES } from '../../../src/service/aiperf';
import { errorMessage, errorName, isDenied, isTransient } from '../../runtime/errors';
import { GetStored, ListStored, StoredApi, StoredObject } from '../../runtime/objects';

/** What a job has measured, or why nothing can be read: one sentence. */
export type BenchmarkOutput = (BenchmarkResults & { readonly address: string }) | { readonly trouble: string };

/** Where a job's results are. */
export interface OutputPlace {
  /** `OutputConfig.S3OutputLocation`, as it was given or as the service describes it. */
  readonly location: string;
  readonly jobName: string;
}

/**
 * Reads the figures of an AI benchmark job from S3.
 *
 * @param limits of whoever has less memory than a user's machine
 * @throws errors of S3 other than a missing object or bucket: a retry may help, or a permission. `troubleOf()` tells which ones stay
 */
export async function benchmarkOutput(objects: StoredApi, place: OutputPlace, limits?: ArchiveLimits): Promise<BenchmarkOutput> {
  const { location, jobName } = place;
  if (!/^s3:\/\/[^/]+(\/|$)/.test(location)) { return { trouble: `The output location of the job ${jobName} is ${location}, expected s3://BUCKET/PREFIX/` }; }
  try {
    const found = archiveAmong(place, await objects.send(new ListStored({ address: asFolder(location) })));
    if ('trouble' in found) { return found; }
    checkArchiveBytes(found.bytes, found.address, limits);
    const archive = await objects.send(new GetStored({ address: found.address, mostBytes: limits?.archive ?? MOST_ARCHIVE_BYTES }));
    return { address: found.address, ...await benchmarkResults(archive, found.address, limits) };
  } catch (error) {
    if (error instanceof BenchmarkArchiveError) { return { trouble: error.message }; }
    if (/^NoSuch(Key|Bucket)$/.test(errorName(error))) { return { trouble: `The results of the job ${jobName} are no longer at ${location}: they were deleted, or moved` }; }
    throw error;
  }
}

/** What helps against refusals, by the beginnings of their names. */
const REMEDIES: ReadonlyArray<readonly [name: RegExp, remedy: string]> = [
  [/^AccessDenied/, 'allow it to list the bucket and to read the objects there, also by the bucket\'s policy and the policy of its KMS key'],
  [/^KMS\./, 'enable the KMS key of the bucket, and allow its use'],
  [/^InvalidObjectState$/, 'restore the archive from its storage class'],
  [/Redirect$|^AuthorizationHeaderMalformed$|^IllegalLocationConstraint/, 'the bucket is in another Region, so download the archive from there'],
];

/**
 * Why results cannot be read, for a job that is paid and has others: one sentence without its end. S3 has refused the request, and does so again.
 *
 * @param where where the results are, behind a space, if the sentence shall say it
 * @returns `undefined` for what may pass, and for what is no refusal, such as a mistake in a program
 */
export function troubleOf(error: unknown, where = ''): string | undefined {
  const isRefusal = (error as { $metadata?: unknown } | undefined)?.$metadata !== undefined && !isTransient(error);
  if (!isRefusal && !isDenied(error)) { return undefined; }
  const name = errorName(error);
  const said = errorMessage(error).replace(/\.$/, '');
  const remedy = REMEDIES.find(([pattern]) => pattern.test(name))?.[1];
  return `The results${where} ${isDenied(error) ? 'may not' : 'cannot'} be read: ${said.includes(name) ? said : `${name}: ${said}`}${remedy === undefined ? '' : `; ${remedy}`}`;
}

const ARCHIVE = 'output.tar.gz';

/**
 * The archive of a job. The service runs a training job of its own, whose name is a folder below the location: `FOLDER/output/output.tar.gz`.
 * A location that the service describes may have that folder already.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html (where a training job writes)
 */
export function archiveAmong({ location, jobName }: OutputPlace, objects: readonly StoredObject[]): StoredObject | { readonly trouble: string } {
  const archives = objects.filter(({ address }) => address.endsWith(`/${ARCHIVE}`));
  const own = archives.find(({ address }) => address === `${asFolder(location)}output/${ARCHIVE}`);
  // Names of jobs have letters, digits and hyphens.
  const named = archives.filter(({ address }) => new RegExp(`(?<![a-zA-Z0-9])${jobName}(?![a-zA-Z0-9])`).test(address.slice(location.length)));
  const [first, ...others] = own ? [own] : named.length > 0 ? named : archives;
  if (!first) { return { trouble: `The job ${jobName} has no ${ARCHIVE} at ${location}: it has ended without results, or they were deleted` }; }
  if (others.length > 0) {
    return { trouble: `${location} has ${others.length + 1} archives ${ARCHIVE}, and it is not clear which one is of the job ${jobName}: give each job an output location of its own` };
  }
  return first;
}
