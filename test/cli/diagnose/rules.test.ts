import { readFileSync } from 'fs';
import { join } from 'path';
import fc from 'fast-check';
import { failed, failedStack, facts, job, ROLE, said, view } from './recorded';
import { WORDINGS } from './wordings';
import { causesOf } from '../../../cli/src/diagnose/causes';
import type { Facts } from '../../../cli/src/diagnose/facts';
import { RULES } from '../../../cli/src/diagnose/rules';
import { objectOf } from '../../../lambda/jobs/preflight/objects';
import { quotasOf } from '../../../lambda/jobs/preflight/quotas';
import { permissionsOf } from '../../../lambda/jobs/preflight/simulation';
import { trustOf } from '../../../lambda/jobs/preflight/trust';
import { costRefusal } from '../../../src/service/max-cost';
import { QUICK_START } from '../../harness/model-package';

const ids = (given: Partial<Facts>) => causesOf(facts(given)).map(({ id }) => id);

describe('a public report of a failure is known by its words', () => {
  test.each(WORDINGS.map(({ cause, place, text, source }) => [cause, place, text, source] as const))('%s in the %s: %s (%s)', (cause, place, text) => {
    const [first] = causesOf(facts({ said: [said(text, place)] }));
    expect(first).toMatchObject({ id: cause, saw: [{ text: expect.stringContaining(text.slice(0, 12).trim()) }] });
  });
});

describe('a message of this library, of IAM or of the checks before a job is known by its words', () => {
  test.each<readonly [string, string]>([
    ['pass-role-denied', `AccessDeniedException: User: arn:aws:sts::111111111111:assumed-role/Start/start is not authorized to perform: iam:PassRole on resource: ${ROLE}`],
    ['kms-create-grant', `ClientError: User: ${ROLE.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/SageMaker is not authorized to perform: kms:CreateGrant on resource: arn:aws:kms:us-east-1:111111111111:key/k`],
    ['key-denied', `User: ${ROLE} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111111111111:key/k`],
    ['key-unusable', 'KMSInvalidStateException: arn:aws:kms:us-east-1:111111111111:key/k is pending deletion.'],
    ['permission-denied', 'AccessDeniedException: User: arn:aws:sts::111111111111:assumed-role/Start/start is not authorized to perform: sagemaker:CreateInferenceRecommendationsJob on resource: arn:aws:sagemaker:x'],
    ['credentials', 'ExpiredTokenException: The security token included in the request is expired'],
    ['throttled', 'ThrottlingException: Rate exceeded'],
    ['network-not-found', 'The subnet ID \'subnet-1\' does not exist'],
    ['task-missing', "The job's request would be refused: InputConfig.ContainerConfig.Task must be given, in the model package or in the job's container configuration."],
    ['payload-not-given', "The job's request would be refused: InputConfig.ContainerConfig.PayloadConfig.SamplePayloadUrl must be given, in the model package or in the job's container configuration."],
    ['traffic-too-long', "The job's request would be refused: InputConfig.TrafficPattern.Phases must last no longer than the job (120 seconds), got: 240 seconds in all."],
    ['burstable-type', "The job's request would be refused: InputConfig.EndpointConfigurations.0.InstanceType must not be of the t2 family: recommendation jobs refuse it, got: 'ml.t2.medium'."],
    ['request-refused', "The job's request would be refused: JobType must be one of Default, Advanced."],
    ['limits-not-kept', 'None of the 4 recommendations of job j may be chosen. The nearest is ml.c5.xlarge × 1 (1): it may be chosen with `limits.maxModelLatency` 43. The job has completed and is paid.'],
    ['too-few-pools', '3 instance pools are wanted, and of job j only 1 instance type may be chosen: ml.c5.xlarge × 1 (1).'],
    ['no-recommendations', 'None of the 0 recommendations of job j may be chosen. The job has completed and is paid.'],
    ['job-gone', 'Job j is gone: SageMaker no longer knows it. Change the job\'s \'trigger\' to run it again.'],
    ['job-stopped', 'Inference Recommender job j ended STOPPED: it was stopped before it was done.'],
    ['wait-too-short', 'Job j is still IN_PROGRESS after the whole time of its wait chain. A rollback stops it.'],
    ['package-not-approved', 'Cannot create Model from Model Package "arn": its ModelApprovalStatus is PendingManualApproval, not Approved.'],
    ['package-not-approved', 'Model package arn:aws:sagemaker:us-east-1:111111111111:model-package/chat/1 is PendingManualApproval, and only an approved package can be deployed. Approve it in the model registry, and deploy again: the job is found, not paid again.'],
    ['package-not-approved', 'Model package arn:aws:sagemaker:us-east-1:111111111111:model-package/chat/1 is Rejected, and only an approved package can be deployed. A stack never approves a rejected package.'],
    ['recommended-package-gone', 'Model package arn:aws:sagemaker:us-east-1:111111111111:model-package/chat/1, which the job recommends, is gone: somebody deleted it.'],
    ['instant-not-applicable', 'The recommendation for model m ended NOT_APPLICABLE: what SageMaker knows of the model is not enough to recommend an instance type. Set `fallback`, or benchmark the model with an `InferenceRecommendationsJob`.'],
    ['instant-not-applicable', 'The recommendation for model m ended COMPLETED: its list of instance types is empty.'],
    ['instant-failed', 'The recommendation for model m ended FAILED: the service gave no reason.'],
    ['instant-slow', 'The recommendation for model m was still IN_PROGRESS after 75 seconds.'],
    ['max-duration', 'AI recommendation job j has run for 2 hours, which is its \'maxDuration\'. It was stopped. Raise \'maxDuration\', or give the job less to try.'],
    ['component-not-named', 'endpoint "arn" hosts inference components: name those to benchmark in BenchmarkTarget.Endpoint.InferenceComponents'],
    ['component-no-room', 'Inference component "arn" did not stabilize: Copy 1 of 4 of inference component "chat" has no room on the 1 instances of variant "AllTraffic". A copy takes 2 accelerators.'],
    ['feature-unavailable', 'UnknownOperationException: The requested operation is not supported in the called Region.'],
    ['name-in-use', 'Model package group models already exists.'],
    ['target-missing', 'Could not find model "arn:aws:sagemaker:us-east-1:111111111111:model/m".'],
    ['disk-full', 'OSError: [Errno 28] No space left on device'],
    ['accelerator-missing', 'RuntimeError: No CUDA GPUs are available'],
    ['model-loading-timeout', 'The model download of the primary container timed out after 600 seconds'],
  ])('%s: %s', (cause, text) => {
    expect(ids({ said: [said(text, ['disk-full', 'accelerator-missing'].includes(cause) ? 'log' : 'event')] })[0]).toBe(cause);
  });

  const payload = { kind: 'payload', address: 's3://data/payload.tar.gz' } as const;
  const artifact = { kind: 'artifact', address: 's3://data/model.tar.gz' } as const;
  const text = { head: Buffer.from('5.1,3.5,1.4,0.2'), size: 15 };

  test.each<readonly [string, string | undefined]>([
    ['payload-missing', objectOf(payload, 'missing', 1).findings[0]],
    ['payload-missing', objectOf(payload, 'no bucket', 1).findings[0]],
    ['payload-not-an-archive', objectOf(payload, text, 1).findings[0]],
    ['payload-not-an-archive', objectOf(payload, { head: Buffer.alloc(0), size: 0 }, 1).findings[0]],
    ['payload-too-large', objectOf(payload, { head: readFileSync(join(QUICK_START, 'model.tar.gz')), size: 1e6 }, 1).findings[0]],
    ['artifact-missing', objectOf(artifact, 'missing', 1).findings[0]],
    ['artifact-not-an-archive', objectOf(artifact, text, 1).findings[0]],
    ['quota', quotasOf({ each: ['ml.g5.xlarge'], isServerlessToo: false }, { 'ml.g5.xlarge for endpoint usage': 0 }).findings[0]],
    ['role-not-assumable', trustOf(ROLE, trust('lambda.amazonaws.com')).findings[0]],
    ['role-not-assumable', `The role ${ROLE} does not exist: create it, or name another one`],
    ['role-lacks-permission', permissionsOf(ROLE, { actions: [], resources: [] }, [
      { action: 'sagemaker:CreateModel', resource: 'arn:aws:sagemaker:us-east-1:111111111111:model/m', decision: 'implicitDeny', isConditional: false },
    ]).findings[0]],
    ['max-cost', costRefusal(undefined, 5, 'xx-east-1')],
    ['max-cost', costRefusal({
      minutes: 45, usd: { least: 12.4, most: 12.4 }, isListed: true, types: ['ml.c5.xlarge'], unpriced: [],
    }, 5, 'us-east-1')],
    ['max-cost', costRefusal({ minutes: 45, usd: { least: 1, most: 9 }, isListed: false, types: [], unpriced: [] }, 5, 'us-east-1')],
  ])('%s, as the check before a job words it: %s', (cause, finding) => {
    const [first] = causesOf(facts({ said: [said(`The job was not started. ${finding}.`, 'event')], jobs: [job({ request: { RoleArn: ROLE } })] }));
    expect([first.id, first.saw[0].text]).toEqual([cause, expect.stringContaining('The job was not started.')]);
  });

  test('a permission that the job\'s own role lacks is told from one of somebody else', () => {
    const denied = `AccessDenied: User: ${ROLE.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/SageMaker is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::data/x`;
    const [first] = causesOf(facts({ said: [said(denied)], jobs: [job({ request: { RoleArn: ROLE } })] }));
    expect(first).toMatchObject({ id: 'role-lacks-permission', remedy: expect.stringContaining('s3:GetObject') });
  });

  test('the code of the container is looked for in its logs only', () => {
    expect(ids({ said: [said('ModuleNotFoundError: No module named \'nltk\'', 'log', 0.9), said('The primary container did not pass the ping health check.')] })[0]).toBe('code-error');
  });
});

describe('what is wrong by the facts', () => {
  const ping = said('The primary container for production variant AllTraffic did not pass the ping health check.');

  test('an image for another architecture explains the failed health check, and needs no log', () => {
    const target = { name: 'p', exists: true, isPackage: true, contentTypes: [], images: ['111111111111.dkr.ecr.us-east-1.amazonaws.com/mine:1.0-arm64'] };
    const benchmarks = [failed('ml.c5.xlarge', ping.text)];
    const [first, second] = causesOf(facts({ said: [ping], jobs: [job({ job: view({ benchmarks }), target })] }));
    expect(first).toMatchObject({ id: 'wrong-architecture', saw: [{ text: 'ml.c5.xlarge is x86_64 and the image says arm64' }] });
    expect(second.id).toBe('ping-failed');
    expect(ids({ said: [ping], jobs: [job({ job: view({ benchmarks: [failed('ml.c7g.xlarge', ping.text)] }), target })] })).toEqual(['ping-failed']);
  });

  test('a role that no policy lets create a grant is named where the volumes have a key', () => {
    const request = { RoleArn: ROLE, InputConfig: { VolumeKmsKeyId: 'arn:aws:kms:us-east-1:111111111111:key/k' } };
    const role = (Action: string) => ({ arn: ROLE, exists: true, trust: trust('sagemaker.amazonaws.com'), policies: [{ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }] });
    const denied = said('Request to service failed. If failure persists after retry, contact customer support.');
    expect(ids({ said: [denied], jobs: [job({ request, role: role('kms:Decrypt') })] })[0]).toBe('kms-create-grant');
    for (const action of ['kms:*', 'kms:CreateGrant', '*']) { expect(ids({ said: [denied], jobs: [job({ request, role: role(action) })] })).toEqual(['internal-error']); }
    expect(ids({ said: [denied], jobs: [job({ request: { RoleArn: ROLE }, role: role('kms:Decrypt') })] })).toEqual(['internal-error']);
  });

  test('a trust policy without SageMaker, and a role that is not there', () => {
    const unread = said('Could not access model data at s3://bucket/model.tar.gz.');
    expect(ids({ said: [unread], jobs: [job({ role: { arn: ROLE, exists: true, trust: trust('lambda.amazonaws.com') } })] })[0]).toBe('role-not-assumable');
    expect(ids({ said: [unread], jobs: [job({ role: { arn: ROLE, exists: false } })] })[0]).toBe('role-not-assumable');
    // It may have gone with the stack.
    expect(ids({ said: [unread], jobs: [job({ job: view({ ended: new Date(0) }), role: { arn: ROLE, exists: false } })] })).toEqual(['input-unreadable']);
    expect(ids({ said: [unread], jobs: [job({ role: { arn: ROLE, exists: true, trust: trust('sagemaker.amazonaws.com') } })] })).toEqual(['input-unreadable']);
  });

  test('a domain that neither the package nor the job has, before the job has started', () => {
    const target = { name: 'p', exists: true, isPackage: true, images: [], contentTypes: [], task: 'CLASSIFICATION' };
    const refused = { ...failedStack('x'), failures: failedStack('ValidationException: the request is not valid', 'Custom::InferenceRecommendationsJob').failures };
    const seen = { stack: refused, said: [said('ValidationException: the request is not valid', 'event')] };
    expect(ids({ ...seen, jobs: [job({ target })] })[0]).toBe('domain-missing');
    expect(ids({ ...seen, jobs: [job({ target, request: { InputConfig: { ContainerConfig: { Domain: 'OTHER' } } } })] })).toEqual(['request-refused']);
  });

  test('a job that somebody has stopped, where no stack has failed', () => {
    const stopped = job({ job: view({ status: 'STOPPED' }) });
    expect(ids({ jobs: [stopped] })).toEqual(['job-stopped']);
    expect(ids({ stack: failedStack('The sibling fails'), said: [said('The sibling fails', 'event')], jobs: [stopped] })).toEqual(['unknown']);
  });
});

describe('the order of the causes', () => {
  test('what a log says of the cause comes before the symptom that all places repeat', () => {
    const symptom = 'ModelError when calling InvokeEndpoint operation.';
    const all = [said(symptom, 'event'), said(symptom, 'job'), said(symptom, 'benchmark'), said('"POST /invocations HTTP/1.1" 500', 'log', 0.9), said('torch.cuda.OutOfMemoryError: CUDA out of memory.', 'log', 0.9)];
    expect(ids({ said: all })).toEqual(['out-of-memory', 'model-error']);
  });

  test('the first failure of a deploy comes before a later one', () => {
    expect(ids({ said: [said('ThrottlingException: Rate exceeded', 'event', 1), said('Group g already exists.', 'event', 0.6)] })).toEqual(['throttled', 'name-in-use']);
  });

  test('what fails in most benchmarks comes before what fails in one', () => {
    const few = said('Unable to provision requested ML compute capacity.', 'benchmark', 0.64);
    expect(ids({ said: [few, said('Worker was terminated due to signal 9', 'benchmark', 0.96)] })).toEqual(['out-of-memory', 'insufficient-capacity']);
  });

  test('a failure that no rule knows is told as it is, and a line of a log alone is none', () => {
    expect(causesOf(facts({ said: [said('A dragon has eaten the endpoint.')] }))).toMatchObject([{ id: 'unknown', saw: [{ text: 'A dragon has eaten the endpoint.' }] }]);
    expect(ids({ said: [said('Everything is fine.', 'log')] })).toEqual([]);
  });
});

test('whatever is said, in whatever order: the same causes, each once, the likeliest first, and no certainty', () => {
  const texts = fc.subarray([...WORDINGS], { minLength: 1, maxLength: 12 })
    .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
  fc.assert(fc.property(texts, fc.double({ min: 0.1, max: 1, noNaN: true }), ([some, shuffled], weight) => {
    const [causes, again] = [some, shuffled].map((all) => causesOf(facts({ said: all.map(({ text, place }) => said(text, place, weight)) })));
    const likelihoods = causes.map(({ likelihood }) => likelihood);
    expect(likelihoods).toEqual([...likelihoods].sort((a, b) => b - a));
    expect(new Set(causes.map(({ id }) => id)).size).toBe(causes.length);
    expect(likelihoods.every((one) => one > 0 && one < 1)).toBe(true);
    const told = (all: typeof causes) => all.map(({ id, likelihood }) => `${id} ${likelihood}`);
    expect(told(again)).toEqual(told(causes));
  }), { seed: 1, numRuns: 200 });
});

describe('what a cause shows', () => {
  test('no value of a container\'s variable, no signature and no key', () => {
    const text = 'Unable to connect with hunter2secret to https://x.example/a?X-Amz-Signature=abc as AKIAIOSFODNN7EXAMPLE, password=letmein: exec format error';
    const shown = JSON.stringify(causesOf(facts({ said: [said(text)], secrets: ['hunter2secret'] })));
    expect(shown).toContain('exec format error');
    for (const secret of ['hunter2secret', 'X-Amz-Signature', 'AKIAIOSFODNN7EXAMPLE', 'letmein']) { expect(shown).not.toContain(secret); }
  });

  test('the same evidence once', () => {
    const text = 'exec format error';
    expect(causesOf(facts({ said: [said(text, 'event'), said(text, 'job'), said(`Failed benchmarks: ml.c5.large: ${text}`, 'benchmark')] }))[0].saw).toHaveLength(1);
  });
});

describe('a remedy can help', () => {
  const remedyOf = (given: Partial<Facts>) => causesOf(facts(given))[0].remedy;
  const PACKAGE = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/chat/1';

  test('where a recommended package is gone: no deploy brings it back', () => {
    const remedy = remedyOf({ said: [said(`Model package ${PACKAGE}, which the job recommends, is gone: somebody deleted it.`, 'event')] });
    expect(remedy).toMatch(/^Change `trigger` of the job/);
  });

  test('where a package was rejected: a stack does not approve it', () => {
    const events = (status: string) => ({ said: [said(`Model package ${PACKAGE} is ${status}, and only an approved package can be deployed.`, 'event')] });
    const seen = (status: string) => ({ jobs: [job({ packages: [{ arn: PACKAGE, status }] })] });
    for (const given of [events, seen]) {
      expect(remedyOf(given('Rejected'))).toMatch(/^Somebody has rejected the version, /);
      expect(remedyOf(given('Rejected'))).not.toMatch(/byThisStack|approvalStatus: /);
      expect(remedyOf(given('PendingManualApproval'))).toMatch(/`approval: PackageApproval\.byThisStack\(\)`/);
    }
  });
});

describe('the rules', () => {
  test('have an id of their own, a title, a remedy in a sentence, and a page', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id, title, page, remedy, says, sees } of RULES) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(page).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com)\//);
      expect(typeof remedy === 'string' ? remedy : remedy([], facts())).toMatch(/^[A-Z].*\.$/s);
      expect(says ?? sees).toBeDefined();
    }
  });

  test('explain symptoms only: words that name a cause come before what facts suggest', () => {
    const symptoms = RULES.filter(({ isSymptom }) => isSymptom).map(({ id }) => id);
    for (const { explains = [] } of RULES) { for (const id of explains) { expect(symptoms).toContain(id); } }
  });
});

function trust(Service: string) {
  return { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }] };
}
