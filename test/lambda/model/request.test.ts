import { containerOf } from '../../../lambda/model/request';
import { COMPILATION, modelProperties as properties } from '../../harness/model';

const container = (Environment?: Record<string, string>): any => ({ Image: 'image', ModelDataUrl: 's3://bucket/model.tar.gz', Environment });

describe('containerOf: the row, whole', () => {
  const packaged = (Environment?: Record<string, string>): any => ({ InferenceSpecification: { Containers: [container(Environment)] } });

  test('a plain row is the package', () => {
    expect(containerOf(properties(), packaged({ OWN: '1' }), undefined)).toEqual({ ModelPackageName: properties().ModelPackageName });
  });

  test('a tuned environment goes over the package\'s own', () => {
    expect(containerOf(properties({ Environment: '{"THREADS":"4","OWN":"2"}' }), packaged({ OWN: '1', KEPT: 'x' }), undefined))
      .toEqual({ ModelPackageName: properties().ModelPackageName, Environment: { OWN: '2', KEPT: 'x', THREADS: '4' } });
  });

  test('an alternate specification is named, and its own environment is the one that is kept', () => {
    const described: any = {
      ...packaged({ OWN: '1' }),
      AdditionalInferenceSpecifications: [{ Name: 'gpu', Containers: [container({ GPU: '1' })] }],
    };
    expect(containerOf(properties({ InferenceSpecificationName: 'gpu', Environment: '{"THREADS":"4"}' }), described, undefined))
      .toEqual({ ModelPackageName: properties().ModelPackageName, InferenceSpecificationName: 'gpu', Environment: { GPU: '1', THREADS: '4' } });
  });

  test('a compiled row is the compiled artifact with the package\'s environment, and never names the package', () => {
    expect(containerOf(properties({ CompilationJobName: 'neo-1', InferenceSpecificationName: 'neo-1' }), packaged({ OWN: '1' }), COMPILATION))
      .toEqual({ Image: 'neo-image', ModelDataUrl: 's3://bucket/compiled.tar.gz', Environment: { OWN: '1' } });
  });

  test.each([
    ['tuned', { Environment: '{"THREADS":"4"}' }, undefined],
    ['compiled', { CompilationJobName: 'neo-1' }, COMPILATION],
  ])('a %s row of a package with several containers is refused', (_what, overrides, described) => {
    const several: any = { InferenceSpecification: { Containers: [container(), container()] } };
    expect(() => containerOf(properties(overrides), several, described)).toThrow('has 2 containers');
    expect(containerOf(properties(), several, undefined)).toEqual({ ModelPackageName: properties().ModelPackageName });
  });
});
