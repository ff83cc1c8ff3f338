import type { Facts, Request } from './facts';
import { PAGES, Rule, Saw } from './rule';

/** What the request asks for. The words are those of the guide's table, and of the library where it asks first. */
export const REQUEST_RULES: readonly Rule[] = [
  mandatory('domain', 'Domain', 'Name the domain in the model package, or in `containerConfig.domain`: `MlDomain.OTHER` if it is unknown.'),
  mandatory('task', 'Task', 'Name the task in the model package, or in `containerConfig.task`: `MlTask.OTHER` if it is unknown.'),
  {
    ...mandatory('framework', 'Framework', 'Name the framework in the container of the model package, or in `containerConfig.framework`: `MlFramework.OTHER` if it is unknown.'),
    // The API has it as optional, and jobs without one have run.
    sees: undefined,
  },
  {
    id: 'payload-not-given',
    title: 'The job has no sample payload',
    says: /SamplePayloadUrl must be given|SamplePayloadUrl.{0,40}(?:mandatory|required)/,
    remedy: 'Give `samplePayload` in the model package or in `containerConfig`.',
    page: PAGES.prerequisites,
  },
  {
    id: 'users-between-phases',
    title: 'A phase of the traffic does not begin where the one before ends',
    says: /Users at the end of prev phase/i,
    remedy: 'Let each phase of `TrafficPattern.phases` begin with as many users as the one before ends with, or up to 3 more.',
    page: PAGES.loadTest,
  },
  {
    id: 'traffic-too-long',
    title: 'The traffic lasts longer than the job',
    says: /Total traffic duration|must last no longer than the job/i,
    remedy: 'Shorten the phases of `trafficPattern`, or raise `maxDuration` of `JobType.loadTest`.',
    page: PAGES.loadTest,
  },
  {
    id: 'burstable-type',
    title: 'The service does not load test burstable instance types',
    says: /Burstable instance type|must not be of the t2 family/i,
    remedy: 'Take the `ml.t2` types out of `endpointCandidates`.',
    page: PAGES.troubleshooting,
    sees: ({ jobs }) => jobs.flatMap(({ request }) => (request?.InputConfig?.EndpointConfigurations ?? [])
      .flatMap(({ InstanceType: type }) => (typeof type === 'string' && type.startsWith('ml.t2.') ? [{ source: 'request of the job', text: `The job is to test ${type}.` }] : []))),
  },
  {
    id: 'max-cost',
    title: 'The job may cost more than `maxCost`',
    says: /'maxCost' is /,
    places: ['event'],
    remedy: (saw) => (saw.some(({ text }) => /has no certain limit/.test(text))
      ? 'List the types: `containerConfig.supportedInstanceTypes`, the model package, or the `endpointCandidates` of a load test. Or leave `maxCost` out.'
      : 'Raise `maxCost`, shorten the job (`maxDuration`), or name fewer or cheaper types.'),
    page: PAGES.jobRequest,
  },
  {
    id: 'request-refused',
    title: 'The request is not valid',
    says: /request would be refused|ValidationException|failed to satisfy constraint|Validation ?[Ee]rror\b|Invalid ?Parameter|Model validation failed/,
    places: ['event', 'job'],
    remedy: 'Change what the reason names.',
    page: PAGES.jobRequest,
    isSymptom: true,
  },
];

function mandatory(id: string, member: 'Domain' | 'Task' | 'Framework', remedy: string): Rule {
  return {
    id: `${id}-missing`,
    title: `The ${id} of the model is not known`,
    says: new RegExp(`Specify ${member} in the Model Package|\`?${member}\`? is a mandatory parameter|ContainerConfig\\.${member} must be given`, 'i'),
    remedy,
    page: PAGES.troubleshooting,
    sees: (facts) => lacking(facts, member),
    explains: ['request-refused'],
  };
}

function lacking({ jobs }: Facts, member: 'Domain' | 'Task' | 'Framework'): Saw[] {
  return jobs.flatMap(({ job, target, request }) => {
    if (job || !target?.isPackage || !target.exists || target[member.toLowerCase() as 'domain'] !== undefined || given(request, member)) { return []; }
    return [{ source: `model package ${target.name}`, text: `Neither the model package nor the job has a ${member}.` }];
  });
}

function given(request: Request | undefined, member: 'Domain' | 'Task' | 'Framework'): boolean {
  return request?.InputConfig?.ContainerConfig?.[member] !== undefined;
}
