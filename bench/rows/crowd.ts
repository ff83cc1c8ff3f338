import { POLL_SECONDS } from '../../src/contract/waiting';
import { AT_ONCE, crowd as measured, CrowdMeasure, RATE } from '../../test/e2e/crowd';
import { atMost, count, Row } from '../figures';
import { Section } from '../report';

const SIZES = [1, 10, 50, 100, 300];

/** From one job to three hundred of one account, while SageMaker throttles. */
export async function crowd(): Promise<Section> {
  const found = new Map<number, CrowdMeasure>();
  for (const jobs of SIZES) { found.set(jobs, await measured(jobs)); }
  // Each job polled at a constant interval, however many there are.
  const constant = (jobs: number) => jobs * 60 / POLL_SECONDS;
  const of = (jobs: number) => found.get(jobs)!;
  const row = (jobs: number): Row[] => [
    { what: `${jobs} jobs: those without a result`, unit: '', ours: count(of(jobs).lost), others: {}, goal: atMost(of(jobs).lost, 0, 'none') },
    {
      what: `${jobs} jobs: polls a minute while all wait`,
      unit: '',
      ours: count(of(jobs).polls.mean),
      others: { [`a poll each ${POLL_SECONDS} s for each`]: count(constant(jobs)), 'what SageMaker lets through': count(RATE * 60) },
    },
    { what: `${jobs} jobs: from a job's end to its result, on average`, unit: 's', ours: count(of(jobs).lag.mean), others: { 'at worst': count(of(jobs).lag.worst) } },
  ];
  return {
    title: 'Jobs of an account side by side',
    rows: SIZES.flatMap(row),
    plots: [
      {
        name: 'crowd-polls',
        title: 'Polls a minute while all jobs wait',
        x: { label: 'jobs of the account', isLogarithmic: true },
        y: { label: 'calls of SageMaker a minute' },
        lines: [
          { name: 'ours', points: SIZES.map((jobs) => [jobs, of(jobs).polls.mean]) },
          { name: `a poll each ${POLL_SECONDS} s`, points: SIZES.map((jobs) => [jobs, constant(jobs)]) },
          { name: `${RATE} calls a second`, points: SIZES.map((jobs) => [jobs, RATE * 60]) },
        ],
      },
      {
        name: 'crowd-lag',
        title: 'From the end of a job to its result',
        x: { label: 'jobs of the account', isLogarithmic: true },
        y: { label: 'seconds' },
        lines: [
          { name: 'on average', points: SIZES.map((jobs) => [jobs, of(jobs).lag.mean]) },
          { name: 'at worst', points: SIZES.map((jobs) => [jobs, of(jobs).lag.worst]) },
        ],
      },
    ],
    text: `Instance recommendations of 25 to 50 minutes in at most 8 stacks, which are created at once, in virtual time. SageMaker lets ${RATE} calls a second through, ${AT_ONCE} at once (an`
      + ' assumption: AWS publishes no rates). The interval grows with the jobs that run when a wait begins.',
  };
}
