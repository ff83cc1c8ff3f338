import { randomBytes } from 'crypto';
import { Readable } from 'stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startLocalAws } from '../../local-aws';
import { Account } from '../../test/e2e/account';
import { VirtualRunner } from '../../test/e2e/virtual-runner';
import { operate, publish } from '../../test/harness/assembly';
import { packageRequest } from '../../test/harness/model-package';
import { ACCOUNT, REGION } from '../../test/harness/place';

const MIB = 2 ** 20;
const peakMib = () => process.resourceUsage().maxRSS / 1024;

/** What is live, after a collection: the process runs with `--expose-gc`. */
function heapMib(): number {
  (globalThis as { gc?: () => void }).gc!();
  return process.memoryUsage().heapUsed / MIB;
}

/** Uploads an archive of so many MiB and reads it back, as streams. */
async function archive(mib: number): Promise<number> {
  const aws = await startLocalAws({ holdAnswersMs: 0 });
  const environment = aws.environment() as Record<string, string>;
  const credentials = { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY };
  const s3 = new S3Client({ region: REGION, endpoint: environment.AWS_ENDPOINT_URL, forcePathStyle: true, credentials });
  const place = { Bucket: 'archives', Key: 'model.tar.gz' };
  aws.world.s3.createBucket(place.Bucket, ACCOUNT, REGION);
  await s3.send(new PutObjectCommand({ ...place, ContentLength: mib * MIB, Body: Readable.from(blocks(mib)) }));
  const { Body } = await s3.send(new GetObjectCommand(place));
  let read = 0;
  for await (const chunk of Body as Readable) { read += chunk.length; }
  if (read !== mib * MIB) { throw new Error(`read ${read} bytes of ${mib} MiB`); }
  s3.destroy();
  await aws.close();
  return peakMib();
}

function* blocks(mib: number): Generator<Buffer> {
  const block = randomBytes(MIB);
  for (let n = 0; n < mib; n++) { yield block; }
}

/** An account with a registered model, and what deploys a stack of so many jobs there. It keeps nothing itself. */
async function opened() {
  const account = await Account.open({ lambdaRunner: new VirtualRunner() });
  const region = account.region(REGION);
  await account.sagemaker(region, 'CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
  const version = { ModelPackageGroupName: 'models', ModelApprovalStatus: 'Approved', ...packageRequest() };
  const { ModelPackageArn: modelPackageArn } = await account.sagemaker(region, 'CreateModelPackage', version);
  const deploy = async (name: string, jobs: number, edit: (template: string) => string = (template) => template) => {
    const template = edit(publish(await account.synth([{ name, bare: { jobs, modelPackageArn } }]), name, region));
    const operation = region.cloudformation.find(name) ? 'UpdateStack' : 'CreateStack';
    const status = await operate(region, operation, name, { TemplateBody: template, Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] });
    if (!/^(CREATE|UPDATE)_COMPLETE$/.test(status)) { throw new Error(`${name} is ${status}`); }
  };
  return { account, deploy };
}

/** Deploys so many stacks, each with a job, and says what is live after these counts. */
async function stacks(counts: readonly number[]): Promise<number[]> {
  const { account, deploy } = await opened();
  const found: number[] = [];
  for (let n = 1; n <= counts[counts.length - 1]; n++) {
    await deploy(`Stack${n}`, 1);
    if (counts.includes(n)) { found.push(heapMib()); }
  }
  await account.close();
  return found;
}

/** Lets two jobs at a time follow each other in one stack, and says what is live after these hours of virtual time. */
async function hours(counts: readonly number[]): Promise<number[]> {
  const { account, deploy } = await opened();
  const found: number[] = [];
  const { clock } = account.aws.world;
  const began = clock.now();
  for (let round = 0; found.length < counts.length; round++) {
    // Another trigger is another job.
    await deploy('Day', 2, (text) => {
      const template = JSON.parse(text);
      const parts = Object.values<any>(template.Resources).filter(({ Type }) => /^Custom::InferenceRecommendationsJob(Wait)?$/.test(Type));
      parts.forEach(({ Properties }) => { Properties.Trigger = String(round); });
      return JSON.stringify(template);
    });
    while (found.length < counts.length && clock.now() >= began + counts[found.length] * 3_600_000) { found.push(heapMib()); }
  }
  await account.close();
  return found;
}

const [what, ...given] = process.argv.slice(2);
const counts = given.map(Number);
const measured = what === 'archive' ? archive(counts[0]).then((mib) => [mib]) : what === 'stacks' ? stacks(counts) : hours(counts);
void measured.then((mib) => {
  process.stdout.write(`${JSON.stringify(mib)}\n`);
  process.exit();
});
