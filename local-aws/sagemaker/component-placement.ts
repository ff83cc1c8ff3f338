/** Of one instance, or what one copy of an inference component takes of it. */
export interface Room {
  readonly memoryMb: number;
  readonly accelerators: number;
  readonly cpuCores: number;
}

/** Copies that want a place. */
export interface Copies {
  readonly component: string;
  readonly count: number;
  /** What a copy takes of an instance of a type; nothing if none may run there. */
  readonly takes: (instanceType: string) => Room | undefined;
  /** Whether each copy goes to the instance with the fewest copies. Without it, to the first that has room. */
  readonly spreads?: boolean;
}

/** An instance, and the number of copies that run on it by their component. */
export interface Instance {
  readonly type: string;
  readonly copies: Map<string, number>;
}

export interface Placement {
  /** Those that were there, and those that were added. */
  readonly instances: readonly Instance[];
  /** The first copy that has no place: its number, from 1 on. */
  readonly homeless?: { readonly copies: Copies; readonly number: number };
}

/**
 * Places copies on instances of these types. `next` gives the type of one instance more, or nothing if there may be no more.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentComputeResourceRequirements.html
 */
export function place(
  all: readonly Copies[], types: readonly string[], roomOf: (type: string) => Room, next: (count: number) => string | undefined = () => undefined,
): Placement {
  const instances = types.map((type): Instance => ({ type, copies: new Map() }));
  for (const copies of all) {
    for (let number = 1; number <= copies.count; number++) {
      const home = homeOf(copies, instances, all, roomOf) ?? added(copies, instances, all, roomOf, next(instances.length));
      if (!home) { return { instances, homeless: { copies, number } }; }
      home.copies.set(copies.component, (home.copies.get(copies.component) ?? 0) + 1);
    }
  }
  return { instances };
}

/** One instance more, if a copy has room on it. */
function added(
  copies: Copies, instances: Instance[], all: readonly Copies[], roomOf: (type: string) => Room, type: string | undefined,
): Instance | undefined {
  const home = type === undefined ? undefined : homeOf(copies, [{ type, copies: new Map() }], all, roomOf);
  if (home) { instances.push(home); }
  return home;
}

function homeOf(copies: Copies, instances: readonly Instance[], all: readonly Copies[], roomOf: (type: string) => Room): Instance | undefined {
  const fitting = instances.filter((instance) => {
    const taken = copies.takes(instance.type);
    return taken !== undefined && fits(taken, roomLeft(instance, all, roomOf));
  });
  return copies.spreads ? fitting.sort((one, other) => countOn(one) - countOn(other))[0] : fitting[0];
}

function roomLeft({ type, copies }: Instance, all: readonly Copies[], roomOf: (type: string) => Room): Room {
  return all.reduce((left, { component, takes }) => {
    const count = copies.get(component) ?? 0;
    const { memoryMb, accelerators, cpuCores } = takes(type) ?? { memoryMb: 0, accelerators: 0, cpuCores: 0 };
    return {
      memoryMb: left.memoryMb - count * memoryMb, accelerators: left.accelerators - count * accelerators, cpuCores: left.cpuCores - count * cpuCores,
    };
  }, roomOf(type));
}

function fits(taken: Room, left: Room): boolean {
  return taken.memoryMb <= left.memoryMb && taken.accelerators <= left.accelerators && taken.cpuCores <= left.cpuCores;
}

function countOn({ copies }: Instance): number {
  return [...copies.values()].reduce((sum, count) => sum + count, 0);
}

/** The number of a component's copies on each instance type that has some. */
export function copiesByType(component: string, instances: readonly Instance[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { type, copies } of instances) {
    const count = copies.get(component) ?? 0;
    if (count > 0) { found.set(type, (found.get(type) ?? 0) + count); }
  }
  return found;
}

export function roomInWords({ memoryMb, accelerators, cpuCores }: Room): string {
  return `${memoryMb} MB of memory, ${accelerators} accelerators and ${cpuCores} CPU cores`;
}
