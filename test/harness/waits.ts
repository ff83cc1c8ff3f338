import { Stage } from './stage';
import { PUBLISHED } from '../../local-aws/sagemaker';

/** How a job goes. */
export interface JobCourse {
  readonly jobType: 'Default' | 'Advanced';
  readonly seconds: number;
  readonly fails: boolean;
}

/** What a wait for a job took, and when its answer came after the job's end. */
export interface WaitMeasure {
  readonly lag: number;
  readonly calls: number;
  readonly transitions: number;
}

const LOAD_TEST_SECONDS = 2 * 3600;
/** The wait chain of a load test of 2 hours. */
const STAGES = 4;

/** Half are instance recommendations of 25 to 50 minutes, half are load tests of 2 hours, and one of twenty fails in its first 5 minutes. Spread evenly. */
export function mixed(count: number): JobCourse[] {
  return Array.from({ length: count }, (_, n): JobCourse => {
    const jobType = n % 2 === 0 ? 'Default' : 'Advanced';
    const place = (n + 0.5) / count;
    if (n % 40 === 7 || n % 40 === 26) { return { jobType, seconds: Math.round(30 + 270 * place), fails: true }; }
    return { jobType, seconds: jobType === 'Advanced' ? LOAD_TEST_SECONDS + n % 60 : Math.round(60 * (25 + 25 * place)), fails: false };
  });
}

/**
 * Starts a job on a local AWS of its own, and waits for it by its whole chain, in virtual time.
 *
 * @param constantSeconds a constant interval, to compare with
 */
export async function measured({ jobType, seconds, fails }: JobCourse, constantSeconds?: number): Promise<WaitMeasure> {
  const stage = await new Stage(() => (fails
    ? { durationSeconds: seconds, outcome: 'FAILED' as const, failureReason: 'No endpoint', recommendations: [] }
    : { durationSeconds: seconds, recommendations: PUBLISHED.plain })).setUp();
  const { Request } = stage.jobProperties() as any;
  const properties = stage.jobProperties({
    Request: { ...Request, JobType: jobType, InputConfig: { ...Request.InputConfig, ...jobType === 'Advanced' && { JobDurationInSeconds: String(LOAD_TEST_SECONDS) } } },
  });
  const start = await stage.send(stage.start('Create', properties));
  if (!start.Data) { throw new Error(`The job did not start: ${start.Reason}`); }
  const { JobName } = start.Data;
  if (constantSeconds !== undefined) { pollConstantly(stage, constantSeconds); }
  const earlier = stage.region.stepFunctions.executions.size;
  let calls = 0;
  stage.world.watch(({ service }) => { calls += Number(service === 'sagemaker'); });
  for (let number = 1; number <= STAGES; number++) {
    const LogicalResourceId = `JobWait${number}`;
    const answer = await stage.send(stage.wait('Create', { ...properties, JobName, Stage: String(number), Stages: String(STAGES) }, { LogicalResourceId }));
    if (answer.Status === 'FAILED') { break; }
  }
  const { completed } = stage.region.sagemaker.state.jobs.get(JobName)!;
  const waits = [...stage.region.stepFunctions.executions.values()].slice(earlier);
  return {
    lag: (stage.clock.now() - completed!.getTime()) / 1000,
    calls,
    transitions: waits.reduce((sum, { transitions }) => sum + transitions, 0),
  };
}

function pollConstantly({ region: { stepFunctions: { operations } } }: Stage, pollSeconds: number): void {
  const start = operations.StartExecution;
  (operations as Record<string, typeof start>).StartExecution = (request, call) => {
    const { seldom: _seldom, ...input } = JSON.parse(request.input);
    return start({ ...request, input: JSON.stringify(input.purpose === 'wait' ? { ...input, pollSeconds } : input) }, call);
  };
}
