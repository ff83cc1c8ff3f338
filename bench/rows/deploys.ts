import { Stack } from 'aws-cdk-lib';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { PUBLISHED } from '../../local-aws/sagemaker';
import { atMost, count, Row } from '../figures';
import { Account } from '../local/account';
import { addJobs, Kind } from '../local/kinds';
import { Section } from '../report';

type Compared = Extract<Kind, 'ours' | '(a) at 60 s'>;

/** The further deploys, one after the other. */
const CHANGES: ReadonlyArray<readonly [words: string, make: (stack: Stack, kind: Compared, account: Account) => void, goal?: number]> = [
  ['the same content again', (stack, kind, account) => addJobs(stack, kind, account, [{ id: 'Job', description: 'first' }]), 0],
  ['another description', (stack, kind, account) => addJobs(stack, kind, account, [{ id: 'Job', description: 'second' }]), 0],
  ['an update that fails after the job\'s, and rolls back', (stack, kind, account) => {
    addJobs(stack, kind, account, [{ id: 'Job', description: 'third' }]);
    new CfnEndpointConfig(stack, 'Fails', {
      productionVariants: [{ modelName: 'missing', variantName: 'v', instanceType: 'ml.c5.large', initialInstanceCount: 1, initialVariantWeight: 1 }],
    }).node.addDependency(stack.node.findChild('Job'));
  }, 0],
];

async function jobsStarted(kind: Compared): Promise<number[]> {
  const account = await Account.open(() => ({ durationSeconds: 45 * 60, recommendations: PUBLISHED.plain }));
  await account.bring('Deploys', (stack) => addJobs(stack, kind, account, [{ id: 'Job', description: 'first' }]));
  const started: number[] = [];
  for (const [, make] of CHANGES) {
    const before = account.jobsStarted;
    await account.bring('Deploys', (stack) => make(stack, kind, account));
    started.push(account.jobsStarted - before);
  }
  await account.close();
  return started;
}

/** Jobs that are started, and paid for, if a stack is deployed again. */
export async function deploys(): Promise<Section> {
  const [ours, theirs] = [await jobsStarted('ours'), await jobsStarted('(a) at 60 s')];
  const rows = CHANGES.map(([what, , goal], n): Row => ({
    what, unit: '', ours: count(ours[n]), others: { '(a)': count(theirs[n]) }, goal: goal === undefined ? undefined : atMost(ours[n], goal, 'none'),
  }));
  return { title: 'Jobs started by a further deploy', rows };
}
