/** Numbers that depend on the seed only: the "minimal standard" generator of Park and Miller. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 7919 + 1) % MODULUS || 1;
    // Seeds that are close to each other begin alike.
    for (let skipped = 0; skipped < 3; skipped++) { this.next(); }
  }

  /** Other numbers that depend on the seed, too. These ones do not change by it. */
  public aside(): Random {
    return new Random(this.state);
  }

  /** From 0 to 1. */
  public next(): number {
    this.state = (this.state * 48_271) % MODULUS;
    return (this.state - 1) / (MODULUS - 1);
  }

  public chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Both ends included. */
  public int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  public pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)];
  }
}

const MODULUS = 2 ** 31 - 1;
