import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { JobProperties } from '../../../src/contract/start';
import { Answer, Stage } from '../../harness/stage';

const FAILS = { durationSeconds: 70 * 60, outcome: 'FAILED', failureReason: 'All benchmarks failed', recommendations: [] } as const;
const TOLERANT: Partial<JobProperties> = { ToleratesFailure: 'true' };

/** A job and its two stages, brought up and changed as CloudFormation does: one after the other, to the first that fails. */
class Life {
  public static async of(benchmarks: ConstructorParameters<typeof Stage>[0] = () => FAILS): Promise<Life> {
    return new Life(await new Stage(benchmarks).setUp());
  }

  /** What the last deploy sent, failed or not, and the id of the job's resource since. */
  private sent?: { readonly properties: JobProperties; readonly id: string };

  private constructor(readonly stage: Stage) {}

  public async deploy(overrides: Partial<JobProperties>): Promise<Answer> {
    const { stage, sent } = this;
    const properties = stage.jobProperties(overrides);
    const type = sent ? 'Update' : 'Create';
    const started = await stage.send(stage.start(type, properties, sent && { PhysicalResourceId: sent.id, OldResourceProperties: sent.properties }));
    this.sent = { properties, id: started.PhysicalResourceId };
    let answer = started;
    for (const place of ['1', '2']) {
      if (answer.Status === 'FAILED') { return answer; }
      const event = stage.wait(type, { ...properties, JobName: answer.Data!.JobName, Stage: place }, {
        LogicalResourceId: `JobWait${place}`,
        ...sent && { PhysicalResourceId: `JobWait${place}`, OldResourceProperties: { ...sent.properties, JobName: sent.id, Stage: place, Stages: '2' } },
      });
      answer = await stage.send(event);
    }
    return answer;
  }

  public get started(): number {
    return this.stage.count('CreateInferenceRecommendationsJob');
  }
}

describe('stages of a job that a fallback stands in for', () => {
  test('succeed when it fails while they wait', async () => {
    const life = await Life.of();
    const begun = life.stage.clock.now();
    const answer = await life.deploy(TOLERANT);
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { JobName: expect.any(String), JobArn: expect.stringContaining(':inference-recommendations-job/') } });
    expect(life.stage.clock.now() - begun).toBeGreaterThanOrEqual(70 * 60_000);
    expect(life.started).toBe(1);
  });

  test('succeed when it failed before they began to wait', async () => {
    const { stage } = await Life.of(() => ({ ...FAILS, durationSeconds: 60 }));
    const { AskedAt: _asked, ...Data } = (await stage.send(stage.start('Create', stage.jobProperties(TOLERANT)))).Data!;
    await stage.pass(60);
    expect(await stage.send(stage.wait('Create', { ...TOLERANT, JobName: Data.JobName }))).toMatchObject({ Status: 'SUCCESS', Data });
    expect(stage.executions).toEqual([]);
  });

  test('succeed when somebody stops it', async () => {
    const { stage } = await Life.of();
    const { Data } = await stage.send(stage.start('Create', stage.jobProperties(TOLERANT)));
    const waiting = stage.wait('Create', { ...TOLERANT, JobName: Data!.JobName });
    await stage.deliver(waiting);
    await stage.pass(5);
    await stage.sagemaker('StopInferenceRecommendationsJob', { JobName: Data!.JobName });
    expect(await stage.answerTo(waiting.RequestId)).toMatchObject({ Status: 'SUCCESS' });
    // It was waited for until it had stopped.
    expect((await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName: Data!.JobName })).Status).toBe('STOPPED');
  });

  test('wait for one that completes', async () => {
    const life = await Life.of(() => ({ durationSeconds: 70 * 60, recommendations: [] }));
    const begun = life.stage.clock.now();
    expect(await life.deploy(TOLERANT)).toMatchObject({ Status: 'SUCCESS' });
    expect(life.stage.clock.now() - begun).toBeGreaterThanOrEqual(70 * 60_000);
  });

  test('fail all the same when it outlasts them', async () => {
    const life = await Life.of(() => ({ ...FAILS, durationSeconds: 5 * 3600 }));
    expect(await life.deploy(TOLERANT)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('is still IN_PROGRESS') });
  });

  test('hand the failed job on to its recommendation', async () => {
    const life = await Life.of();
    const { Data } = await life.deploy(TOLERANT);
    const { stage } = life;
    expect(await stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
      SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: Data!.JobName, Objective: 'LowestLatency', EndpointType: 'RealTime', Fallback: { InstanceType: 'ml.m5.large' },
    }))).toMatchObject({ Data: { Source: 'Fallback', InstanceType: 'ml.m5.large' } });
  });
});

describe('a failure that was tolerated', () => {
  test('is not tried again by another deploy of the same content', async () => {
    const life = await Life.of();
    const { Data } = await life.deploy(TOLERANT);
    for (const change of [{ Tags: [{ Key: 'team', Value: 'ml' }] }, { SchemaVersion: '0' }, {}]) {
      expect(await life.deploy({ ...TOLERANT, ...change })).toMatchObject({ Status: 'SUCCESS', Data });
    }
    expect(life.started).toBe(1);
  });

  test('is by another trigger: one job more', async () => {
    const life = await Life.of();
    const { Data } = await life.deploy(TOLERANT);
    const again = await life.deploy({ ...TOLERANT, Trigger: 'again' });
    expect(again.Status).toBe('SUCCESS');
    expect(again.Data!.JobName).not.toBe(Data!.JobName);
    expect(life.started).toBe(2);
  });

  test('is by a deploy without the fallback: exactly one attempt more, whose failure fails it', async () => {
    const life = await Life.of();
    const { Data } = await life.deploy(TOLERANT);
    expect(await life.deploy({})).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`job ${Data!.JobName}-a2 ended FAILED: All benchmarks failed`) });
    expect(life.started).toBe(2);
  });

  test('is by a deploy without the fallback: one attempt that completes is what the stack then has', async () => {
    const life = await Life.of((_request, name) => (name.endsWith('-a2') ? { durationSeconds: 600, recommendations: [] } : FAILS));
    const { Data } = await life.deploy(TOLERANT);
    const again = await life.deploy({});
    expect(again).toMatchObject({ Status: 'SUCCESS', Data: { JobName: `${Data!.JobName}-a2` } });
    expect(await life.deploy({ Tags: [{ Key: 'team', Value: 'ml' }] })).toMatchObject({ Status: 'SUCCESS', Data: again.Data });
    expect(life.started).toBe(2);
  });

  test('is by a deploy without the fallback, too, where the job had failed before its stage came', async () => {
    const { stage } = await Life.of(() => ({ ...FAILS, durationSeconds: 60 }));
    const { AskedAt: _asked, ...Data } = (await stage.send(stage.start('Create', stage.jobProperties(TOLERANT)))).Data!;
    await stage.pass(60);
    await stage.send(stage.wait('Create', { ...TOLERANT, JobName: Data!.JobName }));
    const OldResourceProperties = { ...stage.jobProperties(TOLERANT), JobName: Data!.JobName, Stage: '1', Stages: '2' };
    expect(await stage.send(stage.wait('Update', { JobName: Data!.JobName }, { PhysicalResourceId: 'JobWait1', OldResourceProperties })))
      .toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`job ${Data!.JobName}-a2 ended FAILED`) });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(2);
  });

  test('is not by the rollback of such a deploy', async () => {
    const life = await Life.of();
    await life.deploy(TOLERANT);
    await life.deploy({});
    expect(await life.deploy(TOLERANT)).toMatchObject({ Status: 'SUCCESS' });
    expect(life.started).toBe(2);
  });

  test('is not by the rollback of an update to another trigger', async () => {
    const life = await Life.of();
    const { Data } = await life.deploy(TOLERANT);
    await life.deploy({ ...TOLERANT, Trigger: 'again' });
    expect(await life.deploy(TOLERANT)).toMatchObject({ Status: 'SUCCESS', Data });
    expect(life.started).toBe(2);
  });
});

describe('without a fallback', () => {
  test('a failure fails the deploy with its reason, and the next deploy tries again', async () => {
    const life = await Life.of();
    const reason = { Status: 'FAILED', Reason: expect.stringContaining('All benchmarks failed') };
    expect(await life.deploy({})).toMatchObject(reason);
    expect(life.started).toBe(1);
    expect(await life.deploy({})).toMatchObject(reason);
    expect(life.started).toBe(2);
  });

  test('a fallback that is added after the failure stands in, and pays for nothing again', async () => {
    const life = await Life.of();
    await life.deploy({});
    expect(await life.deploy(TOLERANT)).toMatchObject({ Status: 'SUCCESS' });
    expect(life.started).toBe(1);
  });
});
