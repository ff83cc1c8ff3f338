import { RESERVE_MS } from '../../../lambda/runtime/retry';
import { parameterNames } from '../../../src/contract/parameters';
import { FUNCTION_SECONDS } from '../../../src/contract/waiting';
import { attributesIn, done, PATH } from '../../harness/published';
import { serviceError, STACK_ID } from '../../harness/stage';

/** Parameters of one recommendation: whose it is, its fields, its texts, the explanation and the whole. */
const MOST = 5;

test('the fields are one parameter, the texts another; the whole and the explanation are JSON', async () => {
  const { create, parameters, jobName } = await done();
  const { Data } = await create();
  const names = parameterNames(PATH);
  expect(Object.keys(parameters())).toHaveLength(MOST);
  const { [names.whole]: whole, [names.explanation]: explanation, [names.owner]: owner } = parameters();
  const written = attributesIn(parameters(), `${PATH}/`);
  expect(written).toMatchObject(Data!);
  // Positions of other kinds are there, and empty.
  expect(Object.keys(written).filter((name) => !(name in Data!) && written[name] !== '')).toEqual([]);
  expect(Data!.ServerlessMemorySizeInMB).toBe('');
  expect(JSON.parse(whole)).toEqual({ SchemaVersion: expect.any(String), ...Data });
  expect(JSON.parse(owner)).toEqual({ StackId: STACK_ID, LogicalResourceId: 'JobBest', AskedAt: expect.any(String) });
  expect(JSON.parse(explanation)).toMatchObject({ JobName: jobName, Chosen: Data!.RecommendationId, Ranking: expect.any(Array), Rejected: [] });
});

test('nothing is written without a path', async () => {
  const { create, parameters, stage } = await done();
  await create({ ParameterPath: undefined });
  expect(parameters()).toEqual({});
  expect(stage.calls.filter(({ operation }) => /Parameter/.test(operation))).toEqual([]);
});

test('the explanation has the reason against each rejected row', async () => {
  const { create, parameters } = await done();
  await create({ Limits: { RefusedInstanceTypes: ['ml.c5'] }, Fallback: { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' } });
  const { Ranking, Rejected, Warning, Chosen } = JSON.parse(parameters()[`${PATH}/explanation`]);
  expect([Ranking, Chosen]).toEqual([[], undefined]);
  expect(Warning).toContain('may be chosen');
  expect(Rejected.map(({ InstanceType, Reasons }: any) => Reasons.includes(`${InstanceType} is refused`))).not.toContain(false);
});

test('variables are texts of their own, where they are answered so', async () => {
  const row = (Value: string, cost: number) => ({
    Metrics: { CostPerInference: cost },
    EndpointConfiguration: { InstanceType: 'ml.c5.xlarge' },
    ModelConfiguration: { EnvironmentParameters: [{ Key: 'OMP_NUM_THREADS', ValueType: 'String', Value }] },
  });
  const { create, update, parameters } = await done(() => ({ durationSeconds: 600, recommendations: [row('4', 1), row('2', 2)] }));
  const variables = () => Object.entries(attributesIn(parameters(), `${PATH}/`)).filter(([name]) => name.startsWith('Environment.'));
  await create({ EnvironmentNames: ['OMP_NUM_THREADS'] });
  expect(variables()).toEqual([['Environment.OMP_NUM_THREADS', '4']]);
  // And go when they no longer are.
  await update({}, { EnvironmentNames: ['OMP_NUM_THREADS'] });
  expect(variables()).toEqual([]);
});

test('an update writes only what has changed, the whole last', async () => {
  const { create, update, stage, puts, parameters } = await done();
  await create();
  expect(puts()).toHaveLength(MOST);
  stage.calls.length = 0;
  await update({ SchemaVersion: '0' });
  expect(puts()).toEqual([]);
  await update({ Limits: { MaxCostPerHour: '1000' } });
  expect(puts()).toEqual([`${PATH}/explanation`]);
  stage.calls.length = 0;
  const { Data } = await update({ Objective: 'LowestLatency' });
  expect(puts()).toEqual(['fields', 'texts', 'explanation', 'recommendation'].map((name) => `${PATH}/${name}`));
  expect(attributesIn(parameters(), `${PATH}/`).InstanceType).toBe(Data!.InstanceType);
});

test('another path is written, and the old one is taken back', async () => {
  const { create, update, parameters } = await done();
  await create();
  await update({ ParameterPath: '/elsewhere' });
  expect(Object.keys(parameters()).filter((name) => !name.startsWith('/elsewhere/'))).toEqual([]);
  expect(Object.keys(parameters())).toHaveLength(MOST);
  await update({ ParameterPath: undefined }, { ParameterPath: '/elsewhere' });
  expect(parameters()).toEqual({});
});

test('a path below the old one survives the move, and so does one above it', async () => {
  const { create, update, parameters } = await done();
  await create();
  await update({ ParameterPath: `${PATH}/deeper` });
  expect(Object.keys(parameters()).every((name) => name.startsWith(`${PATH}/deeper/`))).toBe(true);
  expect(attributesIn(parameters(), `${PATH}/deeper/`).InstanceType).toBe('ml.c5.xlarge');
  await update({}, { ParameterPath: `${PATH}/deeper` });
  expect(Object.keys(parameters()).filter((name) => name.includes('deeper'))).toEqual([]);
  expect(attributesIn(parameters(), `${PATH}/`).InstanceType).toBe('ml.c5.xlarge');
});

test('what others keep below the path is neither deleted nor changed', async () => {
  const { create, update, remove, parameters, put } = await done();
  const theirs = [`${PATH}/password`, `${PATH}/deep/fields`, '/shop/recommendation2/fields'];
  theirs.forEach((name) => put(name));
  await create();
  await update({ Objective: 'LowestLatency' });
  await remove({ Objective: 'LowestLatency' });
  expect(parameters()).toEqual(Object.fromEntries(theirs.map((name) => [name, 'theirs'])));
});

test('two recommendations, one below the other\'s path, go their own ways', async () => {
  const { create, update, remove, parameters } = await done();
  await create();
  await create({ ParameterPath: `${PATH}/second` }, 'JobSecond');
  await update({ Objective: 'LowestLatency' });
  await remove();
  expect(Object.keys(parameters())).toHaveLength(MOST);
  await remove({ ParameterPath: `${PATH}/second` }, 'JobSecond');
  expect(parameters()).toEqual({});
});

test('Delete deletes all of it, and once more finds nothing to do', async () => {
  const { create, remove, parameters, stage } = await done();
  await create();
  expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(parameters()).toEqual({});
  const deletes = stage.count('DeleteParameters');
  expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('DeleteParameters')).toBe(deletes);
});

test('a path that another construct has taken meanwhile is left to it', async () => {
  const { create, remove, parameters } = await done();
  await create();
  await create({ Objective: 'LowestLatency' }, 'JobOther');
  expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(attributesIn(parameters(), `${PATH}/`).InstanceType).toBe('ml.c5.9xlarge');
  await remove({}, 'JobOther');
  expect(parameters()).toEqual({});
});

describe('a path that a construct by another name has taken goes back to the earlier one where that is undone', () => {
  const LATER = { Objective: 'LowestLatency' };
  const WRITES = ['PutParameter', 'DeleteParameters'];
  /** What everybody reads: all parameters but the owner. */
  const readable = (parameters: Record<string, string>) => Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== `${PATH}/owner`));

  async function taken() {
    const world = await done();
    await world.create();
    return { ...world, before: readable(world.parameters()) };
  }

  test('with the values of then, since no event asks the earlier one to write them', async () => {
    const { create, update, remove, parameters, before } = await taken();
    await create(LATER, 'JobOther');
    expect(attributesIn(parameters(), `${PATH}/`).InstanceType).toBe('ml.c5.9xlarge');
    await remove(LATER, 'JobOther');
    expect(readable(parameters())).toEqual(before);
    expect(JSON.parse(parameters()[`${PATH}/owner`])).toEqual({ StackId: STACK_ID, LogicalResourceId: 'JobBest', AskedAt: expect.any(String) });
    await update(LATER);
    expect(Object.keys(parameters())).toHaveLength(MOST);
    expect(attributesIn(parameters(), `${PATH}/`).InstanceType).toBe('ml.c5.9xlarge');
    await remove();
    expect(parameters()).toEqual({});
  });

  test('and not where it is not undone: nothing of the earlier one is left', async () => {
    const { create, remove, parameters } = await taken();
    await create(LATER, 'JobOther');
    await remove();
    expect(Object.keys(parameters())).toHaveLength(MOST);
    expect(attributesIn(parameters(), `${PATH}/`).InstanceType).toBe('ml.c5.9xlarge');
    await remove(LATER, 'JobOther');
    expect(parameters()).toEqual({});
  });

  test.each(WRITES)('wherever a %s of the Create breaks off, and however often it comes', async (operation) => {
    let broken = 0;
    for (let isWhole = false; !isWhole; broken++) {
      const { create, remove, parameters, stage, before } = await taken();
      stage.faults.push({ operation, error: serviceError('ParameterLimitExceeded', 'too many'), skip: broken, times: 1 });
      isWhole = (await create(LATER, 'JobOther')).Status === 'SUCCESS';
      stage.faults.length = 0;
      if (broken % 2 === 0) { await create(LATER, 'JobOther'); }
      await remove(LATER, 'JobOther');
      const { [`${PATH}/owner`]: owner } = parameters();
      expect({ broken, owner: JSON.parse(owner).LogicalResourceId, read: attributesIn(parameters(), `${PATH}/`) })
        .toEqual({ broken, owner: 'JobBest', read: attributesIn(before, `${PATH}/`) });
      await remove();
      expect({ broken, left: parameters() }).toEqual({ broken, left: {} });
    }
  });

  test.each(WRITES)('wherever a %s of the Delete breaks off', async (operation) => {
    let broken = 0;
    for (let isWhole = false; !isWhole; broken++) {
      const { create, remove, parameters, stage, before } = await taken();
      await create(LATER, 'JobOther');
      stage.faults.push({ operation, error: serviceError('InternalServerError', 'broken'), skip: broken, times: 1 });
      isWhole = (await remove(LATER, 'JobOther')).Status === 'SUCCESS';
      stage.faults.length = 0;
      await remove(LATER, 'JobOther');
      expect({ broken, read: readable(parameters()) }).toEqual({ broken, read: before });
      await remove();
      expect({ broken, left: parameters() }).toEqual({ broken, left: {} });
    }
  });
});

test('a path that another stack has taken is left to that, and nothing of it goes back', async () => {
  const { create, remove, parameters, stage } = await done();
  const owner = JSON.stringify({ StackId: `${STACK_ID}-other`, LogicalResourceId: 'JobBest' });
  await create();
  stage.region.ssm.put({ Name: `${PATH}/owner`, Value: owner, Type: 'String', Overwrite: true });
  await remove();
  expect(Object.keys(parameters())).toHaveLength(MOST);
  await create();
  await remove();
  expect(parameters()).toEqual({});
});

test.each([1, 2, MOST - 1])('Delete after a Create that died after %s parameters deletes what it had written', async (skip) => {
  const { create, remove, parameters, stage } = await done();
  stage.faults.push({ operation: 'PutParameter', error: serviceError('ParameterLimitExceeded', 'too many'), skip, times: 1 });
  expect(await create()).toMatchObject({ Status: 'FAILED' });
  expect(Object.keys(parameters())).toHaveLength(skip);
  expect(Object.keys(parameters())[0]).toBe(`${PATH}/owner`);
  await remove();
  expect(parameters()).toEqual({});
});

test('a Delete that died half-way is gone on with by the next', async () => {
  const { create, remove, parameters, stage } = await done();
  await create();
  stage.faults.push({ operation: 'DeleteParameters', error: serviceError('InternalServerError', 'broken'), skip: 1, times: 1 });
  expect(await remove()).toMatchObject({ Status: 'FAILED' });
  expect(Object.keys(parameters())).toEqual([`${PATH}/owner`]);
  await remove();
  expect(parameters()).toEqual({});
});

describe('a path where somebody keeps parameters by our names', () => {
  const kept = Object.fromEntries(['texts', 'recommendation', 'fields', 'explanation'].map((name) => [`${PATH}/${name}`, 'theirs']));
  const refusal = `The path ${PATH} has parameters that no recommendation wrote, and a recommendation would overwrite them: ${PATH}/explanation,`
    + ` ${PATH}/fields, ${PATH}/recommendation and 1 more. Give the recommendation another \`parameterPath\`, or delete these parameters.`;

  test('is refused before anything is written, and the rollback deletes nothing', async () => {
    const { create, remove, parameters, put, stage } = await done();
    Object.entries(kept).forEach(([name, value]) => put(name, value));
    expect(await create()).toMatchObject({ Status: 'FAILED', Reason: refusal });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(parameters()).toEqual(kept);
    expect([stage.count('PutParameter'), stage.count('DeleteParameters')]).toEqual([0, 0]);
  });

  test('is not moved to either, and what was written stays where it was', async () => {
    const { create, update, parameters, put } = await done();
    await create({ ParameterPath: '/elsewhere' });
    const before = parameters();
    Object.entries(kept).forEach(([name, value]) => put(name, value));
    expect(await update({}, { ParameterPath: '/elsewhere' })).toMatchObject({ Status: 'FAILED', Reason: refusal });
    // The rollback, and its path back.
    expect(await update({ ParameterPath: '/elsewhere' })).toMatchObject({ Status: 'SUCCESS' });
    expect(parameters()).toEqual({ ...before, ...kept });
  });

  test.each(['recommendation', 'explanation', 'owner', 'fields-earlier'])('has no less in %s that is no JSON', async (name) => {
    const { create, remove, parameters, put } = await done();
    put(`${PATH}/${name}`, 'see the wiki');
    expect(await create()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`would overwrite them: ${PATH}/${name}. Give the recommendation another`) });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(parameters()).toEqual({ [`${PATH}/${name}`]: 'see the wiki' });
  });

  test.each(['null', '"JobBest"', '{"StackId":"theirs"}'])('has no less in an owner that is %s', async (value) => {
    const { create, remove, parameters, put } = await done();
    put(`${PATH}/owner`, value);
    expect(await create()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${PATH}/owner`) });
    await remove();
    expect(parameters()).toEqual({ [`${PATH}/owner`]: value });
  });
});

test('a throttled Parameter Store is waited out', async () => {
  const { create, parameters, stage } = await done();
  const begun = stage.clock.now();
  stage.fail('GetParametersByPath', serviceError('ThrottlingException', 'Rate exceeded'), 2);
  stage.fail('PutParameter', serviceError('ThrottlingException', 'Rate exceeded'), 5);
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.clock.now() - begun).toBeGreaterThan(0);
  expect(Object.keys(parameters())).toHaveLength(MOST);
});

describe('a Parameter Store that takes nothing', () => {
  const busyFor = async (minutes: number, error = serviceError('ThrottlingException', 'Rate exceeded')) => {
    const published = await done();
    const { stage: { clock, faults } } = published;
    faults.push({ operation: 'PutParameter', error, times: Infinity });
    const begun = clock.now();
    clock.at(begun + minutes * 60_000, () => { faults.length = 0; });
    return { ...published, answer: await published.create(), seconds: (clock.now() - begun) / 1000 };
  };

  test.each([
    serviceError('ThrottlingException', 'Rate exceeded'), serviceError('TooManyUpdates', 'concurrent'), serviceError('RequestLimitExceeded', 'later'),
  ])('for 12 minutes is outlasted: $name', async (error) => {
    const { answer, parameters } = await busyFor(12, error);
    expect(answer.Status).toBe('SUCCESS');
    expect(Object.keys(parameters())).toHaveLength(MOST);
  });

  test('for longer fails within the function\'s time, says what to do, and loses nothing', async () => {
    const { answer, seconds, create, parameters, stage } = await busyFor(20);
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/Nothing of the job is lost: deploy again/) });
    expect(seconds).toBeGreaterThan(12 * 60);
    expect(seconds).toBeLessThanOrEqual(FUNCTION_SECONDS.Recommend - RESERVE_MS / 1000);
    await stage.pass(20);
    expect(await create()).toMatchObject({ Status: 'SUCCESS' });
    expect(Object.keys(parameters())).toHaveLength(MOST);
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
  });

  test('that is broken instead is tried for two minutes', async () => {
    const { answer, seconds } = await busyFor(20, serviceError('InternalServerError', 'broken', 500));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('broken') });
    expect(seconds).toBeLessThanOrEqual(120);
  });
});

test('a refused write fails the deploy with the service\'s words', async () => {
  const { create, stage } = await done();
  stage.fail('PutParameter', serviceError('ParameterLimitExceeded', 'You have exceeded the number of parameters for this AWS account.'), 99);
  expect(await create()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('exceeded the number of parameters') });
});
