import type { Facts, JobFacts, Said, StackFacts } from './facts';
import { diagnosedFamily, logPlacesIn } from './families';
import { find, Found } from './find';
import { readObject, readPackages, readPlace, readQuotas, readTarget } from './inputs';
import { readLogs, readPlaces } from './logs';
import { Notes } from './looking';
import { readNetwork } from './network';
import { withoutSecrets } from './redaction';
import { readRole } from './role';
import { accountReader } from '../../../lambda/runtime/account';
import { attemptName, parseAttempt } from '../../../src/contract/job-name';
import type { Account } from '../account/account';
import type { ResourceView } from '../account/stack';
import { endpointText } from '../subject/endpoint';
import { readJob } from '../subject/families';
import type { Benchmark, JobView } from '../subject/job';

/** Reads all that tells why a stack or a job went wrong. Of one that goes well, nothing else is read. */
export async function gather(account: Account, word: string): Promise<Facts> {
  const notes = new Notes();
  const { stack, jobs, resources } = await find(account, word, notes);
  const secrets: string[] = [];
  const troubled = await Promise.all(jobs.map(async (found): Promise<{ readonly facts: JobFacts; readonly said: readonly Said[] }> => {
    if (!isTroubled(found, stack)) {
      // A deploy that goes well may wait for an approval.
      const packages = await notes.look(`the model packages of ${found.jobName}`, () => readPackages(account.sagemaker, found.choices));
      return { facts: { ...found, packages, objects: [] }, said: [] };
    }
    const [facts, said] = await Promise.all([factsOf(account, found, resources, notes, secrets), saidOf(account, found, stack, notes)]);
    return { facts, said };
  }));
  return withoutSecrets({
    stack,
    jobs: troubled.map(({ facts }) => facts),
    said: [...stack ? eventsSaid(stack) : [], ...troubled.flatMap(({ said }) => said)],
    notes: notes.all,
    secrets,
  });
}

/** Whether there is anything to explain, or a job that may still fail. */
function isTroubled({ job, choices }: Found, stack: StackFacts | undefined): boolean {
  if ((stack?.failures.length ?? 0) > 0 || !job || job.phase !== 'completed') { return true; }
  return job.recommendations.length === 0 || job.benchmarks.some(hasFailed) || choices.some(({ pools }) => !pools);
}

function hasFailed({ status, failureReason }: Benchmark): boolean {
  return status === 'FAILED' || failureReason !== undefined;
}

/** The first failure of a deploy counts most: others follow from it, or from the rollback. */
function eventsSaid({ failures }: StackFacts): Said[] {
  return failures.map(({ logicalId, type, status, reason }, index) => ({
    place: 'event',
    source: `event ${status} of ${logicalId} (${type})`,
    text: saidBy(reason),
    weight: index === 0 ? 1 : status === 'DELETE_FAILED' ? 0.5 : 0.6,
  }));
}

/** Without what CloudFormation puts around the words of others. */
function saidBy(reason: string): string {
  return reason
    .replace(/^Received response status \[FAILED\] from custom resource\. Message returned: /, '')
    .replace(/^Resource handler returned message: "(.*?)"(?= \(RequestToken|$)/s, '$1')
    .replace(/ \((?:RequestId|RequestToken): [^()]*\)$/, '');
}

async function saidOf(account: Account, { job, construct }: Found, stack: StackFacts | undefined, notes: Notes): Promise<Said[]> {
  if (!job) {
    // A job that was deleted in the rollback has left its logs.
    const places = (stack?.failures ?? []).flatMap(({ reason }) => logPlacesIn(reason));
    return places.length === 0 ? [] : await notes.look(`the logs of the job of ${construct}`, () => readPlaces(account.logs, places)) ?? [];
  }
  const [logs, attempts] = await Promise.all([
    notes.look(`the logs of job ${job.name}`, () => readLogs(account, job)),
    notes.look(`the earlier attempts of job ${job.name}`, () => earlierAttempts(account, job)),
  ]);
  return [...ownReason(job, 1), ...benchmarksSaid(job), ...logs ?? [], ...attempts ?? []];
}

function ownReason({ name, failureReason }: JobView, weight: number): Said[] {
  return failureReason === undefined ? [] : [{ place: 'job', source: `job ${name}`, text: failureReason, weight }];
}

/** What fails in all benchmarks counts more than what fails in one, and less in a job that has completed nevertheless. */
function benchmarksSaid({ benchmarks, phase }: JobView): Said[] {
  const failed = benchmarks.filter(hasFailed);
  const reasons = [...new Set(failed.flatMap(({ failureReason }) => failureReason ?? []))];
  return reasons.map((reason) => {
    const mine = failed.filter(({ failureReason }) => failureReason === reason);
    const names = mine.slice(0, 3).map(({ endpoint }) => endpointText(endpoint)).join(', ');
    return {
      place: 'benchmark',
      source: `${mine.length} of ${benchmarks.length} benchmark${benchmarks.length === 1 ? '' : 's'}: ${names}${mine.length > 3 ? ', …' : ''}`,
      text: reason,
      weight: (0.6 + 0.4 * mine.length / benchmarks.length) * (phase === 'completed' ? 0.9 : 1),
    };
  });
}

/** So many attempts before the newest one are looked at. */
const MOST_ATTEMPTS = 3;

async function earlierAttempts(account: Account, { family, name, phase }: JobView): Promise<Said[]> {
  const { id, attempt } = parseAttempt(name);
  if (phase === 'completed' || attempt === 1) { return []; }
  const numbers = Array.from({ length: Math.min(MOST_ATTEMPTS, attempt - 1) }, (_, index) => attempt - 1 - index);
  const jobs = await Promise.all(numbers.map((number) => readJob(account, family, attemptName(id, number))));
  return jobs.flatMap((job) => (job ? ownReason(job, 0.5) : []));
}

async function factsOf(account: Account, found: Found, resources: readonly ResourceView[], notes: Notes, secrets: string[]): Promise<JobFacts> {
  const { request, ...job } = found;
  if (!request) { return { ...job, objects: [] }; }
  const { RoleArn, NetworkConfig, InputConfig: { VpcConfig = NetworkConfig?.VpcConfig, ModelPackageVersionArn, ModelName } = {} } = request;
  const named = ModelPackageVersionArn ?? ModelName;
  const read = await notes.look(`${named ?? 'the model'}`, () => readTarget(account.sagemaker, request, resources));
  if (read) { secrets.push(...read.secrets); }
  if (read && !read.target) { notes.add(`${read.facts.name} is not there (any more): its image and its artifact, and the quotas of its instance types, were not looked at.`); }
  const [, , , region, owner] = (found.job?.arn ?? RoleArn ?? '').split(':');
  const target = read?.target;
  const starter = diagnosedFamily(found.family)?.starter;
  // A request that the service has refused may be of any form.
  const jobNeeds = RoleArn === undefined || (named !== undefined && !target) ? undefined : await notes.look('what the request needs', async () => (
    starter?.needs?.(request as never, target, { region: region || await account.region(), account: owner, jobName: found.jobName ?? 'job' })));
  const { archives = [], places: prefixes = [] } = jobNeeds ?? {};
  const reader = accountReader(account.sagemaker.config);
  const [role, quotas, network, packages, objects, places] = await Promise.all([
    RoleArn === undefined ? undefined : readRole(account.iam, RoleArn, resources, notes),
    jobNeeds && notes.look('the quotas of SageMaker', () => readQuotas(account.quotas)),
    VpcConfig?.Subnets?.length ? notes.look(`the subnets ${VpcConfig.Subnets.join(', ')}`, () => readNetwork(account.cloudFormation, VpcConfig.Subnets!, resources)) : undefined,
    notes.look('the model packages', () => readPackages(account.sagemaker, found.choices)),
    Promise.all(archives.map((archive) => notes.look(archive.address, () => readObject(reader, archive)))),
    Promise.all(prefixes.map((place) => notes.look(place.address, () => readPlace(reader, place)))),
  ]);
  const unread = [
    ...objects.flatMap((one) => (one?.looked === 'unreadable' ? [one.archive.address] : [])), ...places.flatMap((one) => (one?.looked === 'unreadable' ? [one.place.address] : [])),
  ];
  for (const address of unread) { notes.add(`Could not look at ${address}: your credentials may not read it, or its bucket is in another Region.`); }
  return {
    ...job,
    request,
    needs: jobNeeds,
    target: read?.facts,
    role,
    quotas,
    network,
    packages,
    objects: objects.flatMap((one) => one ?? []),
    places: places.flatMap((one) => one ?? []),
  };
}
