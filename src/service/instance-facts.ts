/** What of a machine decides whether an image runs on it. */
export interface ImageHardware {
  readonly architecture?: 'x86_64' | 'arm64';
  /** `neuron` is AWS's software for Inferentia and Trainium; `neuronx` the one that is not for the first Inferentia. */
  readonly accelerator?: 'cpu' | 'gpu' | 'neuron' | 'neuronx';
}

/** Facts about an instance type. */
export interface InstanceFacts {
  readonly architecture: 'x86_64' | 'arm64';
  /** The chip that needs images with AWS Neuron, if it has one. */
  readonly neuron?: 'Inferentia' | 'Inferentia2' | 'Trainium';
  /** Whether instances have NVMe volumes of their own, besides the service's volume. */
  readonly hasLocalStorage: boolean;
}

/**
 * Series, generation and attributes of a family. Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 * Among the attributes, `d` is local storage and `g` is AWS Graviton.
 */
const NAME = /^(?:ml\.)?([a-z]+?)(\d+)([a-z]*)((?:-[a-z0-9]+)?)(?:\.|$)/;

/** Series that have local storage without a `d` in the name, from a generation on. Source: the instance families' pages of the same guide. */
const WITH_STORAGE: Readonly<Record<string, number>> = { d: 3, dl: 1, f: 1, g: 5, gr: 6, i: 3, im: 4, is: 4, p: 5, trn: 1 };
/** Families to which that does not apply. */
const WITHOUT_STORAGE = ['g5g', 'dl2q'];

const NEURON: Readonly<Record<string, InstanceFacts['neuron']>> = { inf1: 'Inferentia', inf2: 'Inferentia2' };

/** What the name of an instance type, such as `ml.g5.xlarge`, or of a family says. `undefined` if it is no such name. */
export function instanceFacts(name: string): InstanceFacts | undefined {
  const [, series, generation, attributes, suffix] = NAME.exec(name) ?? [];
  if (series === undefined) { return undefined; }
  const family = `${series}${generation}${attributes}`;
  // A Grace Blackwell has NVIDIA's own Arm CPU.
  const isArm = series === 'a' || attributes.includes('g') || suffix.startsWith('-gb');
  return {
    architecture: isArm ? 'arm64' : 'x86_64',
    neuron: NEURON[family] ?? (series === 'trn' ? 'Trainium' : series === 'inf' ? 'Inferentia2' : undefined),
    hasLocalStorage: !WITHOUT_STORAGE.includes(family) && (attributes.includes('d') || Number(generation) >= (WITH_STORAGE[series] ?? Infinity)),
  };
}

/**
 * Accelerators of an instance, by its family and the sizes that have more than one.
 * Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
 */
const ACCELERATORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'g4dn': { '12xlarge': 4 },
  'g5': { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  'g6': { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  'g6e': { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  'g7': { '12xlarge': 2, '24xlarge': 4, '48xlarge': 8 },
  'g7e': { '12xlarge': 2, '24xlarge': 4, '48xlarge': 8 },
  'p2': { '8xlarge': 8, '16xlarge': 16 },
  'p3': { '8xlarge': 4, '16xlarge': 8 },
  'p3dn': { '24xlarge': 8 },
  'p4d': { '24xlarge': 8 },
  'p4de': { '24xlarge': 8 },
  'p5': { '48xlarge': 8 },
  'p5e': { '48xlarge': 8 },
  'p5en': { '48xlarge': 8 },
  'p6-b200': { '48xlarge': 8 },
  'p6-b300': { '48xlarge': 8 },
  'p6e-gb200': { '36xlarge': 4 },
  'dl1': { '24xlarge': 8 },
  'inf1': { '6xlarge': 4, '24xlarge': 16 },
  'inf2': { '24xlarge': 6, '48xlarge': 12 },
  'trn1': { '32xlarge': 16 },
  'trn1n': { '32xlarge': 16 },
  'trn2': { '48xlarge': 16 },
};

/** The accelerators of one instance: GPUs, or chips of Inferentia, Trainium or Gaudi. `undefined` for a type that has none, or that this table does not know. */
export function acceleratorCount(instanceType: string): number | undefined {
  const [, family, size] = /^(?:ml\.)?([a-z0-9-]+)\.([a-z0-9]+)$/.exec(instanceType) ?? [];
  return family !== undefined && Object.hasOwn(ACCELERATORS, family) ? ACCELERATORS[family][size] ?? 1 : undefined;
}

export function hasLocalStorage(name: string | undefined): boolean {
  return name !== undefined && (instanceFacts(name)?.hasLocalStorage ?? false);
}

/** Why an image cannot run on an instance type, after what the image says of itself. `undefined` if nothing is known against it. */
export function misfit({ architecture, accelerator }: ImageHardware, instanceType: string): string | undefined {
  const facts = instanceFacts(instanceType);
  if (!facts) { return undefined; }
  if (architecture !== undefined && architecture !== facts.architecture) {
    return `${instanceType} is ${facts.architecture} and the image says ${architecture}`;
  }
  const isForNeuron = accelerator?.startsWith('neuron');
  if (facts.neuron !== undefined && accelerator !== undefined && !isForNeuron) {
    return `${instanceType} has ${facts.neuron}, which needs AWS Neuron, and the image says ${accelerator}`;
  }
  if (isForNeuron && (facts.neuron === undefined || (accelerator === 'neuronx' && facts.neuron === 'Inferentia'))) {
    return `${instanceType} has ${facts.neuron ?? 'no Inferentia or Trainium'} and the image says ${accelerator}`;
  }
  return undefined;
}
