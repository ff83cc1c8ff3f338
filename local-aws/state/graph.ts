/** Values as JSON: primitives as they are; `['ref', n]` for a node; `['known', name]` for what every run has; other primitives with their kind. */
export type Encoded = null | boolean | number | string | readonly [string, (number | string)?];

/** An object with its identity, so that what two places share stays shared. */
export interface Node {
  readonly kind: 'kept' | 'object' | 'array' | 'map' | 'set' | 'date' | 'bytes' | 'pattern' | 'promise' | 'instance';
  /** Of an instance. */
  readonly name?: string;
  readonly entries?: Array<readonly [Encoded, Encoded]>;
  readonly items?: Encoded[];
  readonly text?: string;
}

/** A class whose objects are part of the state. */
export interface StateClass {
  readonly type: abstract new (...args: any[]) => object;
  /** Fields that belong to a run. They are as a new object has them. */
  readonly without?: readonly string[];
  /** In place of its fields: a text that is kept of an object, and the object from it. */
  readonly kept?: { text(object: any, bytes: Bytes): string; object(text: string, bytes: Bytes): object };
}

/** What values may lead to, besides plain data. */
export interface Surroundings {
  /** Objects that every run has, by their names: they are not part of the state. */
  readonly known: ReadonlyMap<string, object>;
  readonly classes: Readonly<Record<string, StateClass>>;
}

/** Stores bytes, and gives the text that finds them again. */
export interface Bytes {
  put(bytes: Buffer): string;
  get(text: string): Buffer;
  /** The same for a file, piece by piece. */
  putFile(path: string): string;
  getFile(text: string, path: string): void;
}

/** Turns objects into nodes. It refuses what is no data: a function, an object of a class that is not named. */
export class Encoder {
  public readonly nodes: Node[] = [];
  private readonly numbers = new Map<object, number>();
  private readonly names: Map<object, string>;

  constructor(private readonly around: Surroundings, private readonly bytes: Bytes) {
    this.names = new Map([...around.known].map(([name, object]) => [object, name]));
  }

  /** `path` is where the value is, for the refusal. */
  public encode(value: unknown, path: string): Encoded {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') { return value; }
    if (typeof value === 'number') { return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', Object.is(value, -0) ? '-0' : String(value)]; }
    if (value === undefined) { return ['undefined']; }
    if (typeof value === 'bigint') { return ['bigint', String(value)]; }
    if (typeof value !== 'object') { throw new Error(`The local AWS has a defect: the ${typeof value} at ${path} cannot be kept in a state`); }
    const name = this.names.get(value);
    if (name !== undefined) { return ['known', name]; }
    let number = this.numbers.get(value);
    if (number === undefined) {
      number = this.nodes.length;
      this.numbers.set(value, number);
      this.nodes.push({ kind: 'promise' });
      this.nodes[number] = this.node(value, path);
    }
    return ['ref', number];
  }

  private node(value: object, path: string): Node {
    if (Array.isArray(value)) { return { kind: 'array', items: value.map((item, index) => this.encode(item, `${path}[${index}]`)) }; }
    if (Buffer.isBuffer(value)) { return { kind: 'bytes', text: this.bytes.put(value) }; }
    if (value instanceof Date) { return { kind: 'date', text: String(value.getTime()) }; }
    if (value instanceof RegExp) { return { kind: 'pattern', text: value.flags, items: [value.source] }; }
    // The state is taken when nothing works any more.
    if (value instanceof Promise) { return { kind: 'promise' }; }
    if (value instanceof Map) {
      return { kind: 'map', entries: [...value].map(([key, item]) => [this.encode(key, `${path}.keys`), this.encode(item, `${path}.${typeof key === 'object' ? 'values' : String(key)}`)] as const) };
    }
    if (value instanceof Set) { return { kind: 'set', items: [...value].map((item) => this.encode(item, `${path}.values`)) }; }
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) { return { kind: 'object', entries: this.fields(value, path, []) }; }
    const [name, known] = Object.entries(this.around.classes).find(([, { type }]) => type.prototype === prototype) ?? [];
    if (!known) { throw new Error(`The local AWS has a defect: the ${value.constructor.name} at ${path} cannot be kept in a state`); }
    if (known.kept) { return { kind: 'kept', name, text: known.kept.text(value, this.bytes) }; }
    return { kind: 'instance', name, entries: this.fields(value, path, known.without ?? []) };
  }

  public fields(value: object, path: string, without: readonly string[]): Array<readonly [Encoded, Encoded]> {
    return Object.entries(value).filter(([name]) => !without.includes(name)).map(([name, item]) => [name, this.encode(item, `${path}.${name}`)] as const);
  }
}

/** Turns nodes into objects again. */
export class Decoder {
  private readonly made = new Map<number, any>();

  constructor(private readonly nodes: readonly Node[], private readonly around: Surroundings, private readonly bytes: Bytes) {}

  /** The value. `into` is what a new run has in its place: it is filled if it is of the same kind, because others hold it already. */
  public decode(encoded: Encoded, into?: unknown): any {
    if (!Array.isArray(encoded)) { return encoded; }
    const [kind, what] = encoded as readonly [string, (number | string)?];
    switch (kind) {
      case 'undefined': return undefined;
      case 'number': return Number(what);
      case 'bigint': return BigInt(what!);
      case 'known': return this.around.known.get(String(what));
      default: return this.object(Number(what), into);
    }
  }

  private object(number: number, into: unknown): unknown {
    if (this.made.has(number)) { return this.made.get(number); }
    const node = this.nodes[number];
    const keep = <T>(object: T): T => {
      this.made.set(number, object);
      return object;
    };
    switch (node.kind) {
      case 'bytes': return keep(this.bytes.get(node.text!));
      case 'kept': return keep(this.around.classes[node.name!].kept!.object(node.text!, this.bytes));
      case 'date': return keep(new Date(Number(node.text)));
      case 'pattern': return keep(new RegExp(String(node.items![0]), node.text));
      case 'promise': return keep(Promise.resolve());
      case 'array': {
        const list: unknown[] = keep(Array.isArray(into) ? into : []);
        list.splice(0, list.length, ...node.items!.map((item) => this.decode(item)));
        return list;
      }
      case 'set': {
        const set: Set<unknown> = keep(into instanceof Set ? into : new Set());
        set.clear();
        node.items!.forEach((item) => set.add(this.decode(item)));
        return set;
      }
      case 'map': {
        const map: Map<unknown, unknown> = keep(into instanceof Map ? into : new Map());
        const old = new Map(map);
        map.clear();
        node.entries!.forEach(([key, item]) => map.set(this.decode(key), this.decode(item, old.get(key))));
        return map;
      }
      default: {
        const prototype = node.kind === 'object' ? Object.prototype : this.around.classes[node.name!].type.prototype;
        const isSame = typeof into === 'object' && into !== null && Object.getPrototypeOf(into) === prototype;
        const object: any = keep(isSame ? into : Object.create(prototype));
        this.fill(object, node.entries!);
        return object;
      }
    }
  }

  public fill(object: any, entries: NonNullable<Node['entries']>): void {
    // A field of the name `__proto__` is data like any other.
    for (const [name, item] of entries) {
      const value = this.decode(item, Object.hasOwn(object, String(name)) ? object[String(name)] : undefined);
      Object.defineProperty(object, String(name), { value, configurable: true, enumerable: true, writable: true });
    }
  }
}
