import type { Facts } from './facts';
import { PAGES, Rule, Saw } from './rule';
import { whyNone, whyTooFew } from '../../../lambda/recommend/explanation';
import { nearest } from '../../../lambda/recommend/nearest';
import type { Choice } from '../subject/choice';

/** Jobs that have completed, and of which nothing may be chosen. */
export const CHOICE_RULES: readonly Rule[] = [
  {
    id: 'limits-not-kept',
    title: 'No recommendation keeps the limits',
    says: /None of the [1-9]\d* recommendations of job .*?(?=\. The job has completed|$)/s,
    places: ['event'],
    remedy: (saw, facts) => {
      const changes = open(facts).map(([{ name, criteria }, recommendations]) => {
        const near = nearest(recommendations, criteria);
        return near && `${name ? `${name}: ` : ''}${near.changes.join(', ')}`;
      }).filter((change) => change !== undefined);
      const said = saw.map(({ text }) => /it may be chosen (.+?)\./.exec(text)?.[1]).find((change) => change !== undefined);
      const least = changes.length > 0 ? changes.join('; ') : said;
      return `${least ? `The least change that lets one be chosen: ${least}. ` : 'Loosen `limits`. '}The job is found again and not paid twice. A \`fallback\` is deployed where none may be chosen.`;
    },
    page: PAGES.results,
    sees: (facts) => open(facts).filter(([, recommendations]) => recommendations.length > 0).map(([choice, recommendations, jobName]) => ({
      source: `recommendation ${choice.name ?? 'of the job'}`,
      text: inShort(whyNone(jobName, choice.ranking.rejected, nearest(recommendations, choice.criteria))),
    })),
    weight: 0.9,
  },
  {
    id: 'too-few-pools',
    title: 'Fewer instance types may be chosen than `instancePools` asks for',
    says: /\d+ instance pools are wanted.*?(?=\. The job has completed|$)/s,
    places: ['event'],
    remedy: 'Lower `instancePools`, or loosen `limits`: the reason says how.',
    page: PAGES.results,
    sees: ({ jobs }) => jobs.flatMap(({ job, choices }) => choices.filter(({ ranking, pools }) => job?.phase === 'completed' && !pools && ranking.ranked.length > 0)
      .map(({ name, ranking, criteria }): Saw => ({ source: `recommendation ${name ?? ''}`.trim(), text: inShort(whyTooFew(job!.name, ranking, criteria, job!.recommendations)) }))),
    weight: 0.9,
  },
  {
    id: 'no-recommendations',
    title: 'The job has completed without any recommendation',
    says: /None of the 0 recommendations of job/,
    places: ['event'],
    remedy: 'See why its benchmarks have failed, mend that, and change `trigger`: a job that has completed is not run again by itself.',
    page: PAGES.troubleshooting,
    sees: ({ jobs }) => jobs.flatMap(({ job }) => (job?.phase === 'completed' && job.recommendations.length === 0 && job.endpointName === undefined
      ? [{ source: `job ${job.name}`, text: `The job is ${job.status} and recommends nothing.` }] : [])),
    isSymptom: true,
    weight: 0.3,
    most: 0.3,
  },
  {
    id: 'job-gone',
    title: 'SageMaker no longer knows the job',
    says: /SageMaker no longer knows it|There is no job \S+ in this account and Region/,
    places: ['event'],
    remedy: 'Change `trigger` of the job to run it again. Of an imported job, look at the name, the account and the Region.',
    page: PAGES.jobRequest,
  },
];

/** Without what follows of the bill, and of each recommendation. */
function inShort(why: string): string {
  return `${why.split('. The job has completed')[0]}.`;
}

/** The choices in which every recommendation of a completed job is rejected. */
function open({ jobs }: Facts): Array<readonly [Choice, Parameters<typeof nearest>[0], string]> {
  return jobs.flatMap(({ job, choices }) => (job?.phase !== 'completed' ? [] : choices
    .filter(({ ranking, pools, name }) => name !== undefined && !pools && ranking.ranked.length === 0)
    .map((choice) => [choice, job.recommendations, job.name] as const)));
}
