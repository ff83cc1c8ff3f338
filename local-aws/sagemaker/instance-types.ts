import { varied } from './workload';
import { acceleratorCount } from '../../src/service/instance-facts';
import { pricesOf } from '../../src/service/prices';

/** What the performance model knows of an instance type. */
export interface InstanceModel {
  readonly vCpus: number;
  readonly memoryGb: number;
  /** One vCPU of ml.m5 is 1. */
  readonly coreSpeed: number;
  readonly accelerators: number;
  /** Of one accelerator. */
  readonly acceleratorMemoryGb: number;
  /** One accelerator, in vCPUs of ml.m5. */
  readonly acceleratorSpeed: number;
  /** US dollars. */
  readonly pricePerHour: number;
}

/** Families without accelerators: GB of memory, speed, and US dollars an hour for each vCPU. */
const FAMILIES: Readonly<Record<string, readonly [memoryGb: number, speed: number, price: number]>> = {
  t2: [4, 0.6, 0.056],
  m4: [4, 0.85, 0.06],
  m5: [4, 1, 0.0576],
  m5d: [4, 1, 0.0678],
  m6i: [4, 1.15, 0.0576],
  m7i: [4, 1.3, 0.0605],
  c4: [1.9, 0.95, 0.0597],
  c5: [2, 1.1, 0.051],
  c5d: [2, 1.1, 0.0575],
  c6i: [2, 1.2, 0.051],
  c6in: [2, 1.2, 0.068],
  c7i: [2, 1.35, 0.0536],
  r5: [8, 1, 0.0756],
  r5d: [8, 1, 0.0864],
  r6i: [8, 1.15, 0.0756],
  r7i: [8, 1.3, 0.0794],
  m6g: [4, 1.05, 0.0462],
  m6gd: [4, 1.05, 0.0543],
  m8g: [4, 1.55, 0.0539],
  c6g: [2, 1.1, 0.0408],
  c6gd: [2, 1.1, 0.0461],
  c6gn: [2, 1.1, 0.0518],
  c7g: [2, 1.3, 0.0435],
  c8g: [2, 1.6, 0.0479],
  r6g: [8, 1.05, 0.0605],
  r6gd: [8, 1.05, 0.0691],
  r7gd: [8, 1.25, 0.0817],
  r8g: [8, 1.55, 0.0707],
};

interface AcceleratedFamily {
  readonly memoryGb: number;
  readonly speed: number;
  /** US dollars an hour for one accelerator. */
  readonly price: number;
  readonly hostGbPerVCpu?: number;
}

const ACCELERATED: Readonly<Record<string, AcceleratedFamily>> = {
  'g4dn': { memoryGb: 16, speed: 22, price: 0.53 },
  'g5': { memoryGb: 24, speed: 45, price: 1.2 },
  'g6': { memoryGb: 24, speed: 42, price: 0.95 },
  'g6e': { memoryGb: 48, speed: 95, price: 2.5, hostGbPerVCpu: 8 },
  'g7': { memoryGb: 32, speed: 110, price: 2.6, hostGbPerVCpu: 8 },
  'g7e': { memoryGb: 96, speed: 150, price: 3.6, hostGbPerVCpu: 8 },
  'p2': { memoryGb: 12, speed: 8, price: 0.9, hostGbPerVCpu: 15 },
  'p3': { memoryGb: 16, speed: 55, price: 3.4, hostGbPerVCpu: 7.6 },
  'p4d': { memoryGb: 40, speed: 130, price: 2.55, hostGbPerVCpu: 12 },
  'p4de': { memoryGb: 80, speed: 150, price: 3.4, hostGbPerVCpu: 12 },
  'p5': { memoryGb: 80, speed: 300, price: 6.7, hostGbPerVCpu: 10.6 },
  'p5e': { memoryGb: 141, speed: 330, price: 7.6, hostGbPerVCpu: 10.6 },
  'p5en': { memoryGb: 141, speed: 335, price: 7.9, hostGbPerVCpu: 10.6 },
  'p6-b200': { memoryGb: 180, speed: 550, price: 17, hostGbPerVCpu: 10.6 },
  'p6-b300': { memoryGb: 270, speed: 650, price: 21, hostGbPerVCpu: 10.6 },
  'p6e-gb200': { memoryGb: 185, speed: 560, price: 18, hostGbPerVCpu: 6.6 },
  'inf1': { memoryGb: 8, speed: 14, price: 0.1, hostGbPerVCpu: 2 },
  'inf2': { memoryGb: 32, speed: 40, price: 0.79 },
  'trn1': { memoryGb: 32, speed: 45, price: 1.3 },
  'trn1n': { memoryGb: 32, speed: 48, price: 1.6 },
  'trn2': { memoryGb: 96, speed: 180, price: 3, hostGbPerVCpu: 10.6 },
  'dl1': { memoryGb: 32, speed: 60, price: 1.5, hostGbPerVCpu: 8 },
};
const HOST_SPEED = 1.05;
/** Families of the same speed in these tables differ by so much at most, so that no two types have the same figures. */
const VARIATION = 0.02;
const HOST_PRICE = 0.05;

const PRICES = pricesOf('us-east-1')!;

/** A family that this table does not know yet. */
const UNKNOWN = [4, 1, 0.06] as const;

/**
 * An instance type of the API, such as `ml.c5.xlarge`, as the performance model sees it.
 *
 * The counts of vCPUs, memory and accelerators are those of EC2's pages: https://docs.aws.amazon.com/ec2/latest/instancetypes/ . Speeds are rough
 * figures of ours. Prices are those of the library's table for us-east-1, in every Region. A type that the table lacks has a derived one: so much for each
 * vCPU and each accelerator, near what SageMaker's hosting cost on demand in 2024. No bill is computed of them.
 */
export function instanceModel(type: string): InstanceModel {
  const [, family = '', size = ''] = type.split('.');
  const vCpus = vCpusOf(family, size);
  const accelerated = ACCELERATED[family];
  if (!accelerated) {
    const [memoryGb, coreSpeed, price] = FAMILIES[family] ?? UNKNOWN;
    return {
      vCpus,
      memoryGb: memoryGb * vCpus,
      coreSpeed: coreSpeed * varied(family, VARIATION),
      accelerators: 0,
      acceleratorMemoryGb: 0,
      acceleratorSpeed: 0,
      pricePerHour: PRICES.hourly(type) ?? dollars(price * vCpus),
    };
  }
  const { memoryGb, speed, price, hostGbPerVCpu = 4 } = accelerated;
  const accelerators = acceleratorCount(type) ?? 1;
  return {
    vCpus,
    memoryGb: hostGbPerVCpu * vCpus,
    coreSpeed: HOST_SPEED * varied(family, VARIATION),
    accelerators,
    acceleratorMemoryGb: memoryGb,
    acceleratorSpeed: speed,
    pricePerHour: PRICES.hourly(type) ?? dollars(HOST_PRICE * vCpus + price * accelerators),
  };
}

function vCpusOf(family: string, size: string): number {
  const [, count] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (count !== undefined) { return 4 * Number(count || 1); }
  return size === 'medium' && family !== 't2' ? 1 : 2;
}

function dollars(price: number): number {
  return Math.round(price * 1e4) / 1e4;
}
