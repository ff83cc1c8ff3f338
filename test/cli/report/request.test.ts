import * as fc from 'fast-check';
import { requestOf } from '../../../cli/src/report/request';

const requestWith = (InputConfig: object) => (requestOf({ JobName: 'job', JobType: 'Advanced', InputConfig }) as any).InputConfig;

test('a request has the values that a load test tunes', () => {
  const EndpointConfigurations = [{
    InstanceType: 'ml.c5.xlarge', EnvironmentParameterRanges: { CategoricalParameterRanges: [{ Name: 'OMP_NUM_THREADS', Value: ['2', '4'] }] },
  }];
  const request = {
    JobName: 'job',
    JobType: 'Advanced',
    RoleArn: 'arn:aws:iam::111111111111:role/r',
    InputConfig: { ModelName: 'm', EndpointConfigurations, ContainerConfig: { PayloadConfig: { SamplePayloadUrl: 's3://bucket/payload.tar.gz' } } },
  };
  expect(requestOf(request)).toEqual(request);
});

test('other variables keep their names and lose their values, however they are spelled', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z]{12,20}$/), (secret) => {
    const shapes = [
      { Environment: { TOKEN: secret } },
      { ContainerConfig: { EnvironmentVariables: { TOKEN: secret } } },
      { Containers: [{ EnvironmentParameters: [{ Key: 'TOKEN', ValueType: 'String', Value: secret }] }] },
      { Containers: [{ Environment: [{ Name: 'TOKEN', Value: secret }] }] },
      { environment: { TOKEN: { deep: [secret] } } },
    ];
    for (const shape of shapes) {
      const text = JSON.stringify(requestWith(shape));
      expect(text).not.toContain(secret);
      expect(text).toContain('TOKEN');
    }
  }));
});

test('an address loses what may be a signature or a password', () => {
  expect(requestWith({ ContainerConfig: { SamplePayloadUrl: 'https://user:word@bucket.s3.amazonaws.com/key?X-Amz-Signature=abc#part', Framework: 'A?b' } }))
    .toEqual({ ContainerConfig: { SamplePayloadUrl: 'https://bucket.s3.amazonaws.com/key?(not shown)', Framework: 'A?b' } });
});
