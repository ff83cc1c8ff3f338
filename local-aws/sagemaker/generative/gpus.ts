import { instanceModel } from '../instance-types';

/** What the performance model for tokens knows of a type's accelerators. */
export interface Accelerators {
  readonly name: string;
  readonly count: number;
  /** GB of one. */
  readonly memoryGb: number;
  /** GB a second, of one. */
  readonly bandwidth: number;
  /** Dense 16-bit floating-point operations of one, in 10^12 a second. */
  readonly teraFlops: number;
  /** MB of the host's memory. */
  readonly hostMemoryMb: number;
}

/**
 * By family: the GPU, its bandwidth in GB/s and its dense 16-bit TFLOPS.
 *
 * Sources: NVIDIA's data sheets of each GPU, https://www.nvidia.com/en-us/data-center/products/ (V100, A100, A10, L4, L40S, H100, H200, B200, RTX PRO), and for the
 * GPU of a family https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html . An A10G has the memory of an A10 and about half of its compute.
 */
const GPUS: Readonly<Record<string, readonly [name: string, bandwidth: number, teraFlops: number]>> = {
  'p3': ['V100', 900, 125],
  'p4d': ['A100 40GB', 1555, 312],
  'p4de': ['A100 80GB', 2039, 312],
  'p5': ['H100', 3350, 989],
  'p5e': ['H200', 4800, 989],
  'p5en': ['H200', 4800, 989],
  'p6-b200': ['B200', 8000, 2250],
  'g4dn': ['T4', 320, 65],
  'g5': ['A10G', 600, 70],
  'g6': ['L4', 300, 121],
  'g6e': ['L40S', 864, 362],
  'g7': ['RTX PRO 4500', 800, 200],
  'g7e': ['RTX PRO 6000', 1597, 480],
};

/** Of a vCPU, where nothing else computes: rough figures of ours. */
const CORE = { bandwidth: 4, teraFlops: 0.05 };

/** What computes on an instance type: its GPUs, or its cores as one slow accelerator. */
export function acceleratorsOf(type: string): Accelerators {
  const { vCpus, memoryGb: hostGb, accelerators, acceleratorMemoryGb: memoryGb } = instanceModel(type);
  const hostMemoryMb = Math.round(hostGb * 1024);
  const known = GPUS[type.split('.')[1]];
  if (!known) { return { name: 'CPU', count: 1, memoryGb: hostGb, bandwidth: CORE.bandwidth * vCpus, teraFlops: CORE.teraFlops * vCpus, hostMemoryMb }; }
  const [name, bandwidth, teraFlops] = known;
  return { name, count: accelerators, memoryGb, bandwidth, teraFlops, hostMemoryMb };
}
