import { MlDomain, MlFramework, MlTask } from '../../../src';

/** The names that the API's pages list. */
test.each<[string, object, string[]]>([
  ['domains', MlDomain, ['COMPUTER_VISION', 'NATURAL_LANGUAGE_PROCESSING', 'MACHINE_LEARNING', 'OTHER']],
  ['tasks', MlTask, [
    'IMAGE_CLASSIFICATION', 'OBJECT_DETECTION', 'TEXT_GENERATION', 'IMAGE_SEGMENTATION', 'FILL_MASK', 'CLASSIFICATION', 'REGRESSION', 'OTHER',
  ]],
  ['frameworks', MlFramework, ['TENSORFLOW', 'PYTORCH', 'XGBOOST', 'SAGEMAKER-SCIKIT-LEARN', 'OTHER']],
])('the %s are those of the service, each under its own name', (_what, family, names) => {
  const constants = Object.entries<{ value: string }>(family as any).map(([name, { value }]) => [name, value]);
  expect(constants).toEqual(names.map((name) => [name.replace(/-/g, '_'), name]));
});

test.each([MlDomain, MlTask, MlFramework])('of() takes a name that is not known yet', (family) => {
  expect(family.of('QUANTUM').value).toBe('QUANTUM');
});
