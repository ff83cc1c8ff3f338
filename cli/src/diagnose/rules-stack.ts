import { PAGES, Rule } from './rule';

/** A stack approves only what nobody has decided about. */
const REJECTED = 'Somebody has rejected the version, and no deploy approves it: ask why. Then approve it by hand, in Studio or with `aws sagemaker update-model-package --model-approval-status Approved`, or deploy another version: let the recommendation choose otherwise, or change `trigger` of the job, so that it registers new versions.';

/** What goes wrong around the job: its stack, its package, whoever stops it. */
export const STACK_RULES: readonly Rule[] = [
  {
    id: 'job-stopped',
    title: 'Somebody has stopped the job',
    says: /ended STOPPED|was stopped before it was done/,
    places: ['event', 'job'],
    remedy: 'Deploy again: that starts another attempt. CloudTrail tells who called StopInferenceRecommendationsJob; the library itself stops a job only when its stack no longer needs it.',
    page: PAGES.jobRequest,
    // The job of a stack that fails is stopped in the rollback.
    sees: ({ stack, jobs }) => (stack && stack.failures.length > 0 ? [] : jobs.flatMap(({ job }) => (job && /^STOPP/.test(job.status)
      ? [{ source: `job ${job.name}`, text: `The job is ${job.status}.` }] : []))),
    weight: 0.8,
  },
  {
    id: 'wait-too-short',
    title: 'The job outlasts the time that the deploy waits',
    says: /is still \w+ after the whole time of its wait chain/,
    places: ['event'],
    remedy: 'Deploy with `cdk deploy --no-rollback`: then the job runs on and the next deploy waits for it again. Or let no deploy wait: `wait: Wait.inBackground()` with a `fallback`. A load test is shorter with less `maxDuration`, or with more `maxParallelOfTests`.',
    page: PAGES.jobRequest,
  },
  {
    id: 'never-answered',
    title: 'A custom resource did not answer CloudFormation',
    says: /did not receive a response from your custom resource|Custom Resource failed to stabilize in expected time/i,
    places: ['event'],
    remedy: 'Read the log group of the function behind the resource: it was killed, has no way to CloudFormation (a function in a VPC needs one to S3), or was deleted. Then deploy again.',
    page: PAGES.customResources,
  },
  {
    id: 'package-not-approved',
    title: 'The model package is not approved',
    says: /only an approved package can be deployed|ModelApprovalStatus is (?!Approved)\w+|not Approved\b|is not approved|PendingManualApproval|(?:model package|ModelPackage)[^.]{0,80}must be (?:in )?approved/i,
    places: ['event'],
    remedy: (saw) => (saw.some(({ text }) => /\bRejected\b/.test(text)) ? REJECTED : 'Approve the version, in Studio or with `aws sagemaker update-model-package --model-approval-status Approved`, or set `approvalStatus: ModelApprovalStatus.APPROVED`; of a package that a generative job has registered, `approval: PackageApproval.byThisStack()` of the recommendation. A benchmark runs without, a model does not.'),
    page: PAGES.approve,
    sees: ({ stack, jobs }) => {
      const isOfModel = stack?.failures.some(({ type }) => /SageMaker::Model$|RecommendationModel$/.test(type));
      const benchmarked = isOfModel ? jobs.flatMap(({ target }) => (target ? [{ arn: target.name, status: target.approval }] : [])) : [];
      return [...benchmarked, ...jobs.flatMap(({ packages = [] }) => packages)].filter(({ status }) => status && status !== 'Approved')
        .map(({ arn, status }) => ({ source: `model package ${arn}`, text: `Its ModelApprovalStatus is ${status}.` }));
    },
    explains: ['request-refused'],
  },
  {
    id: 'tags-on-package',
    title: 'The stack\'s tags reach a version of a model package, which refuses tags',
    says: /Tags are not supported in Model Package versions|tags?\b[^.]{0,80}(?:not supported|refused)[^.]{0,40}model package|model package[^.]{0,60}(?:does not support|refuses|cannot have) tags/i,
    places: ['event'],
    remedy: 'Set the context `@aws-cdk/core:explicitStackTags` to true and tag constructs by `Tags.of(…)`, or take the tags off the stack (`tags` of the Stack, and `--tags`). Tag the model package group instead.',
    page: PAGES.stackTags,
  },
  {
    id: 'name-in-use',
    title: 'A name is already in use',
    says: /already exist|ResourceInUse|AlreadyExists|already in use|Cannot create already existing/,
    places: ['event', 'job'],
    remedy: 'Leave the name out, so that CloudFormation makes one, or delete or import what has the name. A model package group that was kept (`removalPolicy`) keeps its name, too.',
    page: PAGES.stacks,
  },
  {
    id: 'target-missing',
    title: 'The model package or the model does not exist',
    says: /(?:Could not find|does not exist|cannot be found|not found)[^.]{0,60}\b(?:model package|ModelPackage|[Mm]odel)\b|\b(?:model package|ModelPackage|[Mm]odel) \S{0,140} (?:does not exist|was not found|cannot be found)/,
    places: ['event', 'job', 'benchmark'],
    remedy: 'Name a model package or a model that is there, in the job\'s Region and account. If somebody has deleted it, deploy again.',
    page: PAGES.prerequisites,
  },
  {
    id: 'recommended-package-gone',
    title: 'Somebody has deleted the model package that the job recommends',
    says: /\b[Mm]odel package \S+, which the job recommends, is gone/,
    places: ['event'],
    remedy: 'Change `trigger` of the job to run it again: a new job registers its packages anew, and is paid. The name of an imported job must be the one of a new job.',
    page: PAGES.generative,
  },
  {
    id: 'marketplace',
    title: 'The account is not subscribed to the product of AWS Marketplace',
    says: /not subscribed to the marketplace offering|marketplace[^.]{0,60}subscri/i,
    remedy: 'Subscribe to the product in AWS Marketplace with this account, and deploy again.',
    page: PAGES.prerequisites,
  },
];
