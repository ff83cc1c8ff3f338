import fc from 'fast-check';
import { answer, PUT_TIMEOUT_MS } from '../../../lambda/runtime/answer';
import { Clock, REQUEST_MS } from '../../../lambda/runtime/deps';
import { CALL_MS, OUTLAST_MS, RESERVE_MS, RETRY_BUDGET_MS } from '../../../lambda/runtime/retry';
import { FUNCTION_SECONDS, OFTEN_SECONDS, POLL_SECONDS, SERVICE_TIMEOUT_SECONDS, STAGE_SECONDS, STOP_SECONDS } from '../../../src/contract/waiting';
import { FunctionKind, idOf } from '../../harness/handlers';
import { RESPONSE_URL, serviceError, Stage, STACK_ID } from '../../harness/stage';

const SECOND = 1000;
const ADDRESS = { ResponseURL: RESPONSE_URL, StackId: STACK_ID, RequestId: 'r', LogicalResourceId: 'Job', PhysicalResourceId: 'Job' };

/** A call that hangs ends as the SDK ends it: without a response, after its tries. */
const timedOut = () => Object.assign(new Error('timed out'), { name: 'TimeoutError', $metadata: { attempts: 3 } });

/** Services that take as long as they may. */
class SlowStage extends Stage {
  /** Until then, each PUT hangs until its timeout. */
  public putHangsUntil = 0;
  public readonly runs: Array<{ readonly kind: FunctionKind; readonly begin: number; readonly end: number }> = [];
  /** How long a call of a service takes; undefined if it hangs. */
  public callMs: (operation: string) => number | undefined = () => 0;

  protected override deps() {
    const deps = super.deps();
    const slow = (client: any) => ({
      send: async (command: any) => {
        const ms = this.callMs(command.constructor.name.replace(/Command$/, ''));
        await this.clock.sleep(ms ?? CALL_MS);
        if (ms === undefined) { throw timedOut(); }
        return client.send(command);
      },
    });
    const put = async (url: string, body: string) => {
      if (this.clock.now() >= this.putHangsUntil) { return deps.put(url, body); }
      await this.clock.sleep(PUT_TIMEOUT_MS);
      throw timedOut();
    };
    return { ...deps, sagemaker: slow(deps.sagemaker), stepFunctions: slow(deps.stepFunctions), ssm: slow(deps.ssm), put };
  }

  protected override handlers() {
    const timed = Object.entries(super.handlers()).map(([kind, handler]) => [kind, async (payload: any) => {
      const begin = this.clock.now();
      try {
        return await handler(payload);
      } finally {
        this.runs.push({ kind: kind as FunctionKind, begin, end: this.clock.now() });
      }
    }]);
    return Object.fromEntries(timed);
  }

  /** Seconds that the longest invocation took, for each function. */
  public longest(): Record<string, number> {
    return Object.fromEntries(this.runs.map(({ kind }) => [
      idOf(kind), Math.max(...this.runs.filter((run) => run.kind === kind).map(({ begin, end }) => end - begin)) / SECOND,
    ]));
  }
}

/** The request's URL, signed now. */
function signed(stage: Stage) {
  return { ResponseURL: `${RESPONSE_URL}&X-Amz-Date=${new Date(stage.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')}` };
}

function expectWithinTime(stage: SlowStage): void {
  Object.entries(stage.longest()).forEach(([id, seconds]) => {
    expect({ id, seconds }).toEqual({ id, seconds: expect.any(Number) });
    expect(seconds).toBeLessThanOrEqual(FUNCTION_SECONDS[id as keyof typeof FUNCTION_SECONDS]);
  });
}

describe('an answer', () => {
  test('is tried until the function\'s time is used up, and never longer', async () => {
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: PUT_TIMEOUT_MS, max: 900 * SECOND }), fc.integer({ min: 0, max: 900 * SECOND }),
      fc.array(fc.integer({ min: 0, max: PUT_TIMEOUT_MS })),
      async (time, recovers, durations) => {
        let now = 0;
        const clock: Clock = { now: () => now, sleep: async (ms) => { now += ms; }, left: () => time - now };
        let puts = 0;
        const put = async () => {
          const isDown = now < recovers;
          now += durations[puts++ % Math.max(durations.length, 1)] ?? PUT_TIMEOUT_MS;
          if (isDown) { throw new Error('down'); }
        };
        const taken = await answer(ADDRESS, { status: 'SUCCESS', physicalId: 'Job' }, { clock, put, log: () => {} }).then(() => true, () => false);
        expect(now).toBeLessThanOrEqual(time);
        if (!taken) { expect(Math.min(recovers, time) + 2 * (PUT_TIMEOUT_MS + 16 * SECOND)).toBeGreaterThan(time); }
      },
    ));
  });

  test('that CloudFormation does not take for minutes arrives by the same delivery', async () => {
    const stage = await new SlowStage().setUp() as SlowStage;
    stage.putHangsUntil = stage.clock.now() + 8 * 60 * SECOND;
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'SUCCESS' });
    expectWithinTime(stage);
  });

  test('that CloudFormation never takes fails the delivery within the function\'s time, so that Lambda delivers the event again', async () => {
    const stage = await new SlowStage().setUp() as SlowStage;
    stage.putHangsUntil = Infinity;
    await expect(stage.deliverToTheEnd(stage.start('Create'))).rejects.toThrow('did not take the answer');
    expectWithinTime(stage);
  });
});

describe('a function\'s time', () => {
  test('holds the longest work between two checks of it, and the answer', () => {
    expect(CALL_MS).toBeGreaterThanOrEqual(3 * (REQUEST_MS + 3 * SECOND));
    // The last call begins when the reserve is left. Two tries of the answer follow it.
    expect(RESERVE_MS - CALL_MS).toBeGreaterThanOrEqual(2 * PUT_TIMEOUT_MS + SECOND);
    // A start: a budget, the wait for another event's budget, and a budget again, each with the call that it began last.
    expect(2 * (RETRY_BUDGET_MS + CALL_MS) + OUTLAST_MS + RESERVE_MS).toBeLessThanOrEqual(FUNCTION_SECONDS.Start * SECOND);
    const { Recommend, Model, Scaling, Replica, Approve } = FUNCTION_SECONDS;
    for (const seconds of [Recommend, Model, Scaling, Replica, Approve]) {
      expect(RETRY_BUDGET_MS + CALL_MS + RESERVE_MS).toBeLessThanOrEqual(seconds * SECOND);
    }
  });

  test.each<[string, (operation: string) => number | undefined]>([
    ['hangs', () => undefined],
    ['hangs for all that does not list', (operation) => (operation.startsWith('List') ? 100 : undefined)],
    ['takes nearly as long as a request may', () => REQUEST_MS - 1],
  ])('is enough for an answer where SageMaker %s', async (_what, callMs) => {
    for (const type of ['Create', 'Update', 'Delete'] as const) {
      const stage = await new SlowStage().setUp() as SlowStage;
      for (const trigger of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) { await stage.send(stage.start('Create', stage.jobProperties({ Trigger: trigger }))); }
      stage.callMs = callMs;
      const event = stage.start(type, stage.jobProperties({ Trigger: 'z' }), type === 'Create' ? {} : { PhysicalResourceId: 'invented' });
      await stage.deliverToTheEnd(event);
      expectWithinTime(stage);
    }
  });

  test('is said to be used up where SageMaker answers, but too slowly', async () => {
    const stage = await new SlowStage().setUp() as SlowStage;
    for (let n = 0; n < 100; n++) { await stage.send(stage.start('Create', stage.jobProperties({ Trigger: `${n}` }))); }
    stage.callMs = () => REQUEST_MS - 1;
    const { Reason } = await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: 'invented' }));
    expect(Reason).toBe('The calls of AWS services took longer than the function may run: deploy again.');
  });
});

describe('CloudFormation\'s hour', () => {
  const untilDeadline = async (trouble: (stage: SlowStage) => void, durationSeconds = 5 * 3600) => {
    const stage = await new SlowStage(() => ({ durationSeconds, recommendations: [] })).setUp() as SlowStage;
    const { JobName } = (await stage.send(stage.start('Create'))).Data!;
    const asked = stage.clock.now();
    const event = stage.wait('Create', { JobName }, signed(stage));
    await stage.deliverToTheEnd(event);
    await stage.pass(STAGE_SECONDS / 60 - 2);
    trouble(stage);
    const [execution] = stage.executions;
    jest.spyOn(execution, 'random').mockReturnValue(1);
    await stage.pass(120);
    expect(execution.status).not.toBe('RUNNING');
    expect((execution.stopDate!.getTime() - asked) / SECOND).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
    const runs = stage.runs.filter(({ kind }) => kind === 'wait-end');
    // No function still runs when the machine tries again.
    runs.slice(1).forEach(({ begin }, index) => expect(begin).toBeGreaterThanOrEqual(runs[index].end));
    expectWithinTime(stage);
    return stage.answers.filter(({ RequestId }) => RequestId === event.RequestId);
  };

  const hangsForMachine = (stage: SlowStage) => {
    const { sagemaker } = stage.region;
    const real = sagemaker.call.bind(sagemaker);
    jest.spyOn(sagemaker, 'call').mockImplementation((operation, input, principal) => (
      principal ? stage.clock.sleep(24 * 3600 * SECOND) as Promise<any> : real(operation, input, principal)
    ));
  };

  test('holds the end of a stage where CloudFormation takes no answer at all', async () => {
    expect(await untilDeadline((stage) => { stage.putHangsUntil = Infinity; })).toEqual([]);
  });

  test('holds the hand-over to the next stage, although CloudFormation does not take the answer for minutes', async () => {
    const answers = await untilDeadline((stage) => { stage.putHangsUntil = stage.clock.now() + 7 * 60 * SECOND; });
    expect(answers).toEqual([expect.objectContaining({ Status: 'SUCCESS' })]);
  });

  test('holds the success of a job that completed, although CloudFormation does not take the answer for minutes', async () => {
    const answers = await untilDeadline((stage) => {
      stage.putHangsUntil = stage.clock.now() + 7 * 60 * SECOND;
    }, STAGE_SECONDS - 90);
    expect(answers).toEqual([expect.objectContaining({ Status: 'SUCCESS' })]);
  });

  test('holds an answer where SageMaker hangs for the machine and for the function', async () => {
    const answers = await untilDeadline((stage) => {
      hangsForMachine(stage);
      stage.callMs = () => undefined;
    });
    expect(answers).toEqual([expect.objectContaining({ Status: 'FAILED', Reason: expect.stringContaining('could not be read') })]);
  });

  test('holds an answer where SageMaker hangs and is throttled, and CloudFormation hangs for minutes', async () => {
    const answers = await untilDeadline((stage) => {
      hangsForMachine(stage);
      stage.fail('DescribeInferenceRecommendationsJob', serviceError('ThrottlingException', 'Rate exceeded'), Infinity);
      stage.putHangsUntil = stage.clock.now() + 7 * 60 * SECOND;
    });
    expect(answers).toHaveLength(1);
  });

  test.each([['wait', STAGE_SECONDS + POLL_SECONDS - OFTEN_SECONDS], ['stop', STOP_SECONDS]] as const)('is counted from the request where a %s is delivered late', async (what, seconds) => {
    const stage = await new SlowStage().setUp() as SlowStage;
    const { Data, PhysicalResourceId } = await stage.send(stage.start('Create'));
    const asked = stage.clock.now();
    const event = what === 'wait'
      ? stage.wait('Create', { JobName: Data!.JobName }, signed(stage))
      : stage.start('Delete', stage.jobProperties(), { ...signed(stage), PhysicalResourceId });
    await stage.pass(14);
    await stage.deliverToTheEnd(event);
    const [{ input }] = stage.executions;
    expect(Date.parse(JSON.parse(input).deadline)).toBe(asked + seconds * SECOND);
  });
});
