import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { hasLocalStorage, instanceFacts, misfit } from '../../../src/service/instance-facts';

/**
 * Families of EC2, after what its DescribeInstanceTypes says of them (published at https://karpenter.sh/preview/reference/instance-types/: the labels
 * `instance-local-nvme` and `kubernetes.io/arch`).
 */
const WITH_STORAGE = `
  c5ad c5d c6gd c6id c7gd c8gd c8id c9gd d3 d3en f2 g4ad g4dn g5 g6 g6e g6f g7 g7e gr6 gr6f hpc6id i3 i3en i4g i4i i7i i7ie i8g i8ge im4gn
  is4gen m5ad m5d m5dn m6gd m6id m6idn m7gd m8gd m8id m8idb m8idn m9gd p3dn p4d p4de p5 p5e p5en p6-b200 p6-b300 r5ad r5d r5dn r6gd r6id
  r6idn r7gd r8gd r8id r8idb r8idn trn1 trn1n trn2 x2gd x2idn x2iedn x8aedz z1d
`.trim().split(/\s+/);
const WITHOUT_STORAGE = `
  a1 c1 c3 c4 c5 c5a c5n c6a c6g c6gn c6i c6in c7a c7g c7gn c7i c7i-flex c8a c8g c8gb c8gn c8i c8i-flex c8ib c8in c8ine c9g d2 dl2q g5g h1
  hpc6a hpc7a hpc7g hpc8a i2 inf1 inf2 m1 m2 m3 m4 m5 m5a m5n m5zn m6a m6g m6i m6in m7a m7g m7i m7i-flex m8a m8azn m8g m8gb m8gn m8i
  m8i-flex m8ib m8in m8ine m9g r3 r4 r5 r5a r5b r5n r6a r6g r6i r6in r7a r7g r7i r7iz r8a r8g r8gb r8gn r8i r8i-flex r8ib r8in t1 t2 t3 t3a
  t4g vt1 x1 x1e x2iezn x8g x8i
`.trim().split(/\s+/);
const ARM = `
  a1 c6g c6gd c6gn c7g c7gd c7gn c8g c8gb c8gd c8gn c9g c9gd g5g hpc7g i4g i8g i8ge im4gn is4gen m6g m6gd m7g m7gd m8g m8gb m8gd m8gn m9g
  m9gd r6g r6gd r7g r7gd r8g r8gb r8gd r8gn t4g x2gd x8g
`.trim().split(/\s+/);

test('the name says whether a family has local storage, and for which CPU it is, as EC2 does', () => {
  const all = [...WITH_STORAGE, ...WITHOUT_STORAGE];
  expect(all.filter((family) => hasLocalStorage(`ml.${family}.xlarge`))).toEqual(WITH_STORAGE);
  expect(all.filter((family) => instanceFacts(`ml.${family}.xlarge`)!.architecture === 'arm64').sort()).toEqual(ARM);
});

test('each type that the service hosts models on is known, in its family as well', () => {
  // Of the service's families, those with storage: named one by one, so that a new one is looked at.
  const families = [...new Set(Object.values(ProductionVariantInstanceType).map((type) => type.slice(0, type.lastIndexOf('.'))))];
  expect(Object.values(ProductionVariantInstanceType).filter((type) => instanceFacts(type) === undefined)).toEqual([]);
  expect(families.filter((family) => hasLocalStorage(family)).sort()).toEqual([
    'ml.c5d', 'ml.c6gd', 'ml.dl1', 'ml.g4dn', 'ml.g5', 'ml.g6', 'ml.g6e', 'ml.g7', 'ml.g7e', 'ml.m5d', 'ml.m6gd', 'ml.p4d', 'ml.p4de', 'ml.p5', 'ml.p5e', 'ml.p5en',
    'ml.p6-b200', 'ml.p6-b300', 'ml.p6e-gb200', 'ml.r5d', 'ml.r6gd', 'ml.r7gd', 'ml.trn1', 'ml.trn1n', 'ml.trn2',
  ]);
  expect(families.filter((family) => instanceFacts(family)!.architecture === 'arm64').sort()).toEqual([
    'ml.c6g', 'ml.c6gd', 'ml.c6gn', 'ml.c7g', 'ml.c8g', 'ml.m6g', 'ml.m6gd', 'ml.m8g', 'ml.p6e-gb200', 'ml.r6g', 'ml.r6gd', 'ml.r7gd', 'ml.r8g',
  ]);
  expect(families.filter((family) => instanceFacts(family)!.neuron).sort()).toEqual(['ml.inf1', 'ml.inf2', 'ml.trn1', 'ml.trn1n', 'ml.trn2']);
});

test('what is no name of a type says nothing', () => {
  expect(['local', '', 'ml.', 'ml.c5d', '${Token[TOKEN.1]}'].map((name) => hasLocalStorage(name))).toEqual([false, false, false, true, false]);
  expect(misfit({ architecture: 'arm64' }, 'local')).toBeUndefined();
});

test('an image that says nothing fits everywhere', () => {
  for (const type of Object.values(ProductionVariantInstanceType)) { expect(misfit({}, type)).toBeUndefined(); }
});
