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

/** What a further deploy does: jobs that it starts, and calls of its functions and machines that change something. */
interface Done {
  readonly started: number;
  readonly changing: number;
}

async function done(kind: Compared): Promise<Done[]> {
  const account = await Account.open(() => ({ durationSeconds: 45 * 60, recommendations: PUBLISHED.plain }));
  await account.bring('Deploys', (stack) => addJobs(stack, kind, account, [{ id: 'Job', description: 'first' }]));
  const found: Done[] = [];
  for (const [, make] of CHANGES) {
    const [before, from] = [account.jobsStarted, account.calls.length];
    await account.bring('Deploys', (stack) => make(stack, kind, account));
    const own = account.calls.slice(from).filter(({ service, principal }) => ['sagemaker', 'ssm'].includes(service) && principal.includes('/Deploys-'));
    found.push({ started: account.jobsStarted - before, changing: own.filter(({ operation }) => !/^(Describe|Get|List)/.test(operation)).length });
  }
  await account.close();
  return found;
}

/** Jobs that are started, and paid for, if a stack is deployed again, and what else is changed. */
export async function deploys(): Promise<Section> {
  const [ours, theirs] = [await done('ours'), await done('(a) at 60 s')];
  const rows = CHANGES.flatMap(([what, , goal], n): Row[] => [
    {
      what: `${what}: jobs started`,
      unit: '',
      ours: count(ours[n].started),
      others: { '(a)': count(theirs[n].started) },
      goal: goal === undefined ? undefined : atMost(ours[n].started, goal, 'none'),
    },
    {
      what: `${what}: calls of SageMaker and Parameter Store that change something`,
      unit: '',
      ours: count(ours[n].changing),
      others: { '(a)': count(theirs[n].changing) },
      goal: n === 0 ? atMost(ours[n].changing, 0, 'none') : undefined,
    },
  ]);
  return { title: 'What a further deploy starts and changes', rows };
}
