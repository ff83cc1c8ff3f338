import { readFileSync } from 'fs';
import { join } from 'path';
import { Account, Deploy } from './account';
import { Course } from './family';

/** An account with a deployed stack. */
async function deployed(deploy: Deploy = {}, readsObjects = true): Promise<Account> {
  const account = new Account(readsObjects);
  expect(await account.deploy('First', deploy)).toBe('CREATE_COMPLETE');
  expect(account.paid).toHaveLength(1);
  return account;
}

const failing = { parameters: { Sibling: 'fails after 1' } };
/** Longer than the wait chain of an instance recommendation. */
const endless: Course = { seconds: 4 * 3600 };

/** What each line of the table in docs/cost.md says, as it was seen: the jobs that were paid in all. Each begins with one that a first deploy has paid. */
const LINES: ReadonlyArray<readonly [line: RegExp, jobs: number, seen: () => Promise<Account>]> = [
  [/^first deploy$/, 1, () => deployed()],
  [/^deploy again with the same content/, 1, async () => {
    const account = await deployed();
    expect(await account.deploy('First', { variant: 'latency Job', parameters: { Team: 'green', Content: 'another description, so another package' } })).toBe('UPDATE_COMPLETE');
    return account;
  }],
  [/^another model, payload/, 2, async () => {
    const account = await deployed();
    expect(await account.deploy('First', { parameters: { Artifact: 'b' } })).toBe('UPDATE_COMPLETE');
    return account;
  }],
  [/`trigger` changes/, 2, async () => {
    const account = await deployed();
    await account.deploy('First', { parameters: { Trigger: 'second' } });
    await account.deploy('First');
    return account;
  }],
  [/^the construct gets another name or place/, 1, async () => {
    const account = await deployed();
    expect(await account.deploy('First', { variant: 'cost Renamed' })).toBe('UPDATE_COMPLETE');
    return account;
  }],
  [/^the same bytes under another address/, 1, async () => {
    const account = await deployed();
    expect(await account.deploy('First', { parameters: { Artifact: 'copy-of-a' } })).toBe('UPDATE_COMPLETE');
    return account;
  }],
  [/^the same, where the content cannot be told apart/, 2, async () => {
    const account = await deployed({}, false);
    expect(await account.deploy('First', { parameters: { Artifact: 'copy-of-a' } })).toBe('UPDATE_COMPLETE');
    return account;
  }],
  [/^it fails, or someone stops it/, 2, async () => {
    const account = new Account();
    account.courses.push({ seconds: 600, failureReason: 'The container did not answer /ping' });
    expect(await account.deploy('First')).toBe('ROLLBACK_COMPLETE');
    expect(account.reasons).toContain('The container did not answer /ping');
    await account.destroy('First');
    expect(await account.deploy('First')).toBe('CREATE_COMPLETE');
    return account;
  }],
  [/^an update fails and rolls back/, 2, async () => {
    const account = await deployed();
    account.courses.push({ seconds: 600, failureReason: 'The container did not answer /ping' });
    expect(await account.deploy('First', { parameters: { Trigger: 'second' } })).toBe('UPDATE_ROLLBACK_COMPLETE');
    return account;
  }],
  [/^another resource fails while the job runs/, 2, async () => {
    const account = new Account();
    expect(await account.deploy('First', failing)).toBe('ROLLBACK_COMPLETE');
    expect([account.paid.length, account.running]).toEqual([1, []]);
    await account.destroy('First');
    expect(await account.deploy('First')).toBe('CREATE_COMPLETE');
    return account;
  }],
  [/^another resource fails after the job has completed/, 1, async () => {
    const account = new Account();
    account.courses.push({ seconds: 120 });
    expect(await account.deploy('First', { parameters: { Sibling: 'fails after 14' } })).toBe('ROLLBACK_COMPLETE');
    await account.destroy('First');
    expect(await account.deploy('First')).toBe('CREATE_COMPLETE');
    return account;
  }],
  [/^the stack is deleted while it runs$/, 1, async () => {
    const account = new Account();
    await account.begin('First');
    await account.until(() => account.running.length === 1);
    expect(await account.destroy('First')).toBe('DELETE_COMPLETE');
    expect(account.running).toEqual([]);
    return account;
  }],
  [/^the stack is deleted after it$/, 1, async () => {
    const account = await deployed();
    expect(await account.destroy('First')).toBe('DELETE_COMPLETE');
    return account;
  }],
  [/^the stack is deleted and made again/, 1, async () => {
    const account = await deployed();
    await account.destroy('First');
    expect(await account.deploy('First')).toBe('CREATE_COMPLETE');
    return account;
  }],
  [/^another stack of the account with the same content, by default/, 2, async () => {
    const account = await deployed();
    expect(await account.deploy('Second')).toBe('CREATE_COMPLETE');
    return account;
  }],
  [/^the same with `JobReuse.ACCOUNT`/, 1, async () => {
    const account = await deployed({ app: 'shared' });
    expect(await account.deploy('Second', { app: 'shared' })).toBe('CREATE_COMPLETE');
    await account.destroy('First');
    expect(await account.deploy('Second', { app: 'shared', variant: 'cost Renamed' })).toBe('UPDATE_COMPLETE');
    return account;
  }],
  [/^the construct gets another name, or the stack is made again, with `JobReuse.CONSTRUCT`/, 2, async () => {
    const account = await deployed({ app: 'own' });
    expect(await account.deploy('First', { app: 'own', variant: 'cost Renamed' })).toBe('UPDATE_COMPLETE');
    return account;
  }],
];

/** What the second table of docs/cost.md says. */
const ENDS: ReadonlyArray<readonly [line: RegExp, seen: () => Promise<void>]> = [
  [/^it rolls back/, async () => {
    const account = new Account();
    await account.deploy('First', failing);
    expect(account.running).toEqual([]);
  }],
  [/^`--no-rollback`/, async () => {
    const account = new Account();
    account.courses.push({ seconds: 3000 });
    expect(await account.deploy('First', { ...failing, input: { OnFailure: 'DO_NOTHING' } })).toBe('CREATE_FAILED');
    expect(await account.deploy('First', { input: { DisableRollback: true } })).toBe('UPDATE_COMPLETE');
    expect(account.paid).toHaveLength(1);
  }],
  [/^`--express`/, async () => {
    const account = new Account();
    account.courses.push({ seconds: 3000 });
    const express = { input: { DeploymentConfig: { Mode: 'EXPRESS' } } };
    expect(await account.deploy('First', { ...failing, ...express })).toBe('CREATE_FAILED');
    expect(await account.deploy('First', express)).toBe('UPDATE_COMPLETE');
    expect(account.paid).toHaveLength(1);
  }],
  [/^it is cancelled/, async () => {
    const account = await deployed();
    await account.begin('First', { parameters: { Trigger: 'second' } });
    await account.until(() => account.running.length === 1);
    await account.operate('CancelUpdateStack', 'First');
    expect(await account.rest('First')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(account.running).toEqual([]);
  }],
  [/^the terminal is closed/, async () => {
    const account = new Account();
    await account.begin('First');
    expect(await account.rest('First')).toBe('CREATE_COMPLETE');
  }],
  [/^the job takes longer than its wait chain/, async () => {
    const account = new Account();
    account.courses.push(endless);
    expect(await account.deploy('First', { input: { OnFailure: 'DO_NOTHING' } })).toBe('CREATE_FAILED');
    expect(account.running).toHaveLength(1);
    await account.pass(80);
    expect(account.unread).not.toEqual([]);
    expect(await account.deploy('First', { input: { DisableRollback: true } })).toBe('UPDATE_FAILED');
    expect(account.paid).toHaveLength(1);
  }],
];

const COST = readFileSync(join(__dirname, '..', '..', 'docs', 'cost.md'), 'utf8');
/** The lines of the table with this head. */
const table = (head: string): string[][] => COST.slice(COST.indexOf(head)).split('\n').slice(2).map((line) => line.split(' | '))
  .reduce<{ rows: string[][]; isOver: boolean }>(({ rows, isOver }, cells) => (
    isOver || !cells[0].startsWith('| ') ? { rows, isOver: true } : { rows: [...rows, [cells[0].slice(2), ...cells.slice(1)]], isOver }), { rows: [], isOver: false }).rows;

/** Lines that other tests see. */
const ELSEWHERE: ReadonlyArray<readonly [line: RegExp, file: string, test: string]> = [
  [/^it completes, and a recommendation may choose none/, 'lambda/recommend/nearest.test.ts', 'an answer holds the job, the nearest and the value'],
  [/`fallback`/, 'lambda/start/wait.fallback.test.ts', 'is not tried again by another deploy of the same content'],
  [/^an answer to CloudFormation is lost/, 'faults/faults.test.ts', 'nothing comes of it that must not'],
  [/^an imported job/, 'lambda/start/wait.imported.test.ts', 'one that is done is not waited for'],
  [/^a version is approved/, 'lambda/approve/approval.test.ts', 'an approved version is benchmarked'],
];

describe('what it costs, and when it is paid again', () => {
  const lines = table('| what happens | the job | jobs paid in all |');

  test.each(LINES.map(([line, jobs, seen]) => [String(line), line, jobs, seen] as const))('%s', async (_name, line, jobs, seen) => {
    const row = lines.find(([first]) => line.test(first));
    const account = await seen();
    expect([row?.[0], account.paid.length]).toEqual([expect.stringMatching(line), jobs]);
    expect(Number(/^\d+/.exec(row![2])![0])).toBe(jobs);
    // Nothing is left that anybody pays for.
    await account.outlast();
    expect(account.running).toEqual([]);
  });

  test('each line of the document is seen here or in another test', () => {
    expect(lines.length).toBeGreaterThan(15);
    const seen = (first: string) => [...LINES, ...ELSEWHERE].filter(([line]) => line.test(first)).length;
    expect(lines.map(([first]) => [first, seen(first)]).filter(([, times]) => times !== 1)).toEqual([]);
    for (const [, file, name] of ELSEWHERE) { expect(readFileSync(join(__dirname, '..', file), 'utf8')).toContain(name); }
  });
});

describe('what a deploy that ends early costs', () => {
  const lines = table('| how the deploy ends | the job | the bill |');

  test.each(ENDS.map(([line, seen]) => [String(line), line, seen] as const))('%s', async (_name, line, seen) => {
    expect(lines.filter(([first]) => line.test(first))).toHaveLength(1);
    await seen();
  });

  test('each line of the document is seen here', () => {
    expect(lines.map(([first]) => [first, ENDS.filter(([line]) => line.test(first)).length]).filter(([, times]) => times !== 1)).toEqual([]);
    expect(lines).toHaveLength(ENDS.length);
  });
});
