import { Checked, finding, note, PASSED, together } from './checked';
import { JobPrefix, objectOf, prefixOf } from './objects';
import { Quotas, quotasOf, TriedTypes } from './quotas';
import { Needed, permissionsOf } from './simulation';
import { trustOf } from './trust';
import { PREFLIGHT_CHECKS, PreflightCheck } from '../../../src/contract/start';
import type { JobArchive } from '../../../src/service/job-objects';
import { AccountApi, GetObjectBeginning, GetRole, ListServiceQuotas, LookBelow, SimulatePrincipalPolicy } from '../../runtime/account';
import type { Clock } from '../../runtime/deps';
import { errorMessage, errorName } from '../../runtime/errors';
import { PAUSE_MS, RESERVE_MS } from '../../runtime/retry';

/** What a job needs of its account. */
export interface JobNeeds {
  readonly archives: readonly JobArchive[];
  /** The places in S3 that the job reads or writes. Absent if it has none. */
  readonly places?: readonly JobPrefix[];
  /** The largest body of a request, in bytes, that each endpoint of the job takes. */
  readonly mostBytes: number;
  readonly roleArn: string;
  /** The account of the job. */
  readonly account: string;
  readonly tried: TriedTypes;
  readonly permissions: readonly Needed[];
}

interface PreflightDeps {
  readonly account: AccountApi;
  readonly clock: Clock;
}

/** The longest that the checks take, if every call hangs until its end. */
export const PREFLIGHT_MS = 60_000;
/** After this time, or so many of them, no further page of quotas is read. */
const [QUOTAS_MS, MOST_PAGES] = [15_000, 100];
/** How often a role is looked at that seems to be wrong: its change may have come seconds ago, and IAM tells of it with a delay. */
const LOOKS = 3;

/**
 * Looks at what a job needs, all at once. What is not certain, or cannot be looked at for whatever reason, is a note and holds up nothing.
 */
export async function preflight(needs: JobNeeds, checks: readonly string[], deps: PreflightDeps): Promise<Checked> {
  const asked = PREFLIGHT_CHECKS.filter((check) => checks.includes(check));
  if (asked.length === 0) { return PASSED; }
  if (deps.clock.left() < PREFLIGHT_MS + RESERVE_MS) { return note('No time was left for the checks before the job.'); }
  return together(await Promise.all(asked.flatMap((check) => LOOK[check](needs, deps).map((looking) => looking.catch((error) => note(
    `The check '${check}' could not look: ${errorName(error)}: ${errorMessage(error)}`,
  ))))));
}

/** What each check looks at, each part on its own. */
const LOOK: Readonly<Record<PreflightCheck, (needs: JobNeeds, deps: PreflightDeps) => Array<Promise<Checked>>>> = {
  objects: ({ archives, places = [], mostBytes }, { account }) => [...places.map(async (place) => (
    prefixOf(place, await account.send(new LookBelow({ address: place.address })))
  )), ...archives.map(async (archive) => {
    if (!/^s3:\/\/[^/]+\/.*[^/]$/.test(archive.address)) {
      return note(`${archive.address} was not looked at: it is no address of one object, such as s3://bucket/key.`);
    }
    return objectOf(archive, await account.send(new GetObjectBeginning({ address: archive.address })), mostBytes);
  })],
  role: (needs, deps) => [roleOf(needs, deps)],
  // Serverless endpoints and those that exist need none.
  quotas: ({ tried }, deps) => (tried.each.length === 0 && tried.some?.length === 0 ? []
    : [readQuotas(deps).then((quotas) => quotasOf(tried, quotas))]),
  permissions: ({ roleArn, permissions }, { account, clock }) => permissions.flatMap((needed) => needed.resources.map(async (resource) => {
    const request = { PolicySourceArn: roleArn, ActionNames: needed.actions, ResourceArn: resource };
    return looked(clock, async () => permissionsOf(roleArn, needed, await account.send(new SimulatePrincipalPolicy(request))));
  })),
};

async function roleOf({ roleArn, account: own }: JobNeeds, { account, clock }: PreflightDeps): Promise<Checked> {
  if (roleArn.split(':')[4] !== own) { return note(`The role ${roleArn} was not looked at: it is of another account.`); }
  const name = roleArn.split('/').at(-1)!;
  return looked(clock, async () => {
    const policy = await account.send(new GetRole({ RoleName: name }));
    return policy === undefined ? finding(`The role ${roleArn} does not exist: create it, or name another one`) : trustOf(roleArn, JSON.parse(policy));
  });
}

/** Looks at a role until nothing is wrong with it, so many times. */
async function looked(clock: Clock, look: () => Promise<Checked>): Promise<Checked> {
  for (let looks = 1; ; looks++) {
    const checked = await look();
    if (checked.findings.length === 0 || looks === LOOKS) { return checked; }
    await clock.sleep(PAUSE_MS);
  }
}

async function readQuotas({ account, clock }: PreflightDeps): Promise<Quotas> {
  const quotas: Record<string, number> = {};
  const end = clock.now() + QUOTAS_MS;
  let NextToken: string | undefined;
  let pages = 0;
  do {
    if (clock.now() > end || pages++ === MOST_PAGES) { throw new Error('the list of quotas takes too long.'); }
    const page = await account.send(new ListServiceQuotas({ ServiceCode: 'sagemaker', MaxResults: 100, NextToken }));
    for (const { QuotaName, Value } of page.Quotas ?? []) {
      if (QuotaName !== undefined && Value !== undefined) { quotas[QuotaName] = Value; }
    }
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return quotas;
}
