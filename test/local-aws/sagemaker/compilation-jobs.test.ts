import { Bench, ROLE } from './fixtures';

const compiled = {
  EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 },
  ModelConfiguration: { CompilationJobName: 'neo-1', InferenceSpecificationName: 'neo-1' },
};
const CompilationJobName = 'neo-1';
let bench: Bench;

beforeEach(async () => {
  bench = new Bench({ benchmarks: () => ({ durationSeconds: 600, recommendations: [compiled] }) });
  const InputConfig = { ModelPackageVersionArn: await bench.modelPackage() };
  await bench.call('CreateInferenceRecommendationsJob', { JobName: 'job', JobType: 'Default', RoleArn: ROLE, InputConfig });
});

const described = () => bench.call('DescribeCompilationJob', { CompilationJobName });

test('goes on for as long as its benchmark does', async () => {
  await bench.minutes(2);
  expect(await described()).toMatchObject({ CompilationJobStatus: 'INPROGRESS', CompilationStartTime: new Date('2026-01-01T00:01:00Z') });
  expect(await described()).not.toHaveProperty('CompilationEndTime');
  await bench.minutes(8);
  expect(await described()).toMatchObject({ CompilationJobStatus: 'COMPLETED', CompilationEndTime: new Date('2026-01-01T00:10:00Z') });
});

test('is stopped with its recommendation job', async () => {
  await bench.minutes(2);
  await bench.call('StopInferenceRecommendationsJob', { JobName: 'job' });
  expect(await described()).toMatchObject({ CompilationJobStatus: 'INPROGRESS' });
  await bench.minutes(2);
  expect(await described()).toMatchObject({ CompilationJobStatus: 'STOPPED' });
  await bench.call('DeleteCompilationJob', { CompilationJobName });
});

test('cannot be deleted before its end', async () => {
  await bench.minutes(2);
  expect(await bench.refused('DeleteCompilationJob', { CompilationJobName })).toMatchObject({ code: 'ValidationException' });
  await bench.minutes(8);
  await bench.call('DeleteCompilationJob', { CompilationJobName });
  expect(await bench.refused('DeleteCompilationJob', { CompilationJobName })).toMatchObject({ code: 'ResourceNotFound' });
});
