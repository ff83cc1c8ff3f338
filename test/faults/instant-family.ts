import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AppOfFamily, CampaignFamily, host, InApp, packageIn } from './family';
import type { HostileAws } from './hostile-aws';
import { left } from './leftovers';
import { Stack as DeployedStack } from '../../local-aws/cloudformation';
import { InstantRun } from '../../local-aws/sagemaker';
import { InstanceType, InstantRecommendation, Model } from '../../src';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';

const FALLBACK = 'ml.m5.4xlarge';
const COMPLETE = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;

/** What is recommended at once with a model: nothing is started, and nothing costs. */
export const INSTANT_RECOMMENDATIONS: CampaignFamily = {
  script: (script, faults) => {
    const known = new Map<string, boolean>();
    /** Whether the service recommends nothing for a model: as long as there is trouble. */
    const isRefused = (containers: readonly any[]) => {
      const key = JSON.stringify(containers);
      if (!known.has(key)) { known.set(key, script(undefined).failureReason !== undefined); }
      return known.get(key)! && !faults.calm;
    };
    return {
      generative: {
        instant: (containers, usual): InstantRun => {
          const statuses = ['FAILED', 'NOT_APPLICABLE'] as const;
          return isRefused(containers) ? { status: statuses[JSON.stringify(containers).length % 2] } : usual;
        },
      },
    };
  },
  inApp: instantApp,
  replaces: true,
  violations: (aws, lives) => [
    ...paid(aws).map((what) => ({ invariant: 'free', what } as const)),
    ...lives.filter(({ skipped, status }) => !skipped && COMPLETE.test(status)).flatMap(({ record }) => strange(aws, record!))
      .map((what) => ({ invariant: 'attributes', what } as const)),
    ...left(aws, lives).map((what) => ({ invariant: 'left', what } as const)),
  ],
};

/** A model with what is recommended for it: the tags are the model's. */
class InstantInApp extends Construct {
  public best!: InstantRecommendation;
}

/** Only some apps have a fallback: the others fail where nothing is recommended. */
function instantApp(stack: Stack, given: InApp): AppOfFamily<InstantInApp> {
  const modelPackage = packageIn(stack, given);
  return {
    job: (id, { trigger }, choice) => {
      const scope = new InstantInApp(stack, id);
      const model = new Model(scope, 'Model', { modelPackage, environment: { TRIGGER: trigger } });
      scope.best = new InstantRecommendation(scope, 'Resource', {
        model,
        limits: choice?.objective === 'latency' ? { refusedInstanceFamilies: ['ml.c5'] } : undefined,
        parameterPath: choice?.parameterPath,
        fallback: given.app === 'own' || given.app === 'shared' ? { instanceType: InstanceType.of(FALLBACK) } : undefined,
      });
      return scope;
    },
    choose: ({ best }) => ({ jobName: best.modelName, host: () => host(stack, best) }),
  };
}

function paid({ region: { sagemaker: { state } } }: HostileAws): string[] {
  const { jobs, compilationJobs: compilations, aiRecommendationJobs: recommendations, aiBenchmarkJobs: benchmarks } = state;
  const kinds = { jobs, compilations, recommendations, benchmarks };
  return Object.entries(kinds).filter(([, { size }]) => size > 0).map(([kind, { size }]) => `${size} ${kind} were started`);
}

/** What the service lists for the image of the campaign's package. */
const LISTED = ['ml.c5.xlarge', 'ml.m5.xlarge', 'ml.c6i.xlarge'];

/** Recommendations that are not of the stack's own model, or not what its rules choose. */
function strange({ region }: HostileAws, { resources }: DeployedStack): string[] {
  return [...resources.values()].filter(({ type }) => type === RECOMMENDATION_RESOURCE_TYPE).flatMap(({ logicalId, properties, attributes }) => {
    const isFallback = attributes.Source === 'Fallback';
    const expected = isFallback ? FALLBACK : LISTED.find((type) => !properties.Limits || !type.startsWith('ml.c5.'));
    return [
      ...attributes.InstanceType === expected ? [] : [`${logicalId} is ${attributes.InstanceType}, and ${expected} is recommended`],
      ...isFallback && !properties.Fallback ? [`${logicalId} has no fallback and uses one`] : [],
      ...region.sagemaker.state.models.has(properties.JobName) ? [] : [`${logicalId} is of ${properties.JobName}, which is gone`],
    ];
  });
}
