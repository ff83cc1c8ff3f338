/** A rehearsal's local AWS has a clock of its own, and tells it beside the date, which is the client's. */
const LOCAL_TIME = 'x-local-aws-time';

interface Answer { readonly response?: unknown }

/** As much of a client of the SDK as it takes to see each answer. */
interface Client {
  readonly middlewareStack: {
    add(middleware: (next: (args: any) => Promise<any>) => (args: any) => Promise<any>, options: { readonly step: 'deserialize'; readonly priority: 'low' }): void;
  };
}

/** The time by the clock of the services: with it, what they date is as old as it is, whatever this machine's clock says. */
export class ServiceTime {
  private newest?: number;
  private isLocal = false;

  /** By the newest answer. Before one, by this machine. */
  public now(): number {
    return this.newest ?? Date.now();
  }

  /** Whether a local AWS answers. */
  public get isRehearsed(): boolean {
    return this.isLocal;
  }

  public hear(client: Client): void {
    client.middlewareStack.add((next) => async (args) => {
      const result: Answer = await next(args);
      this.take((result.response as { readonly headers?: Readonly<Record<string, string>> } | undefined)?.headers ?? {});
      return result;
    }, { step: 'deserialize', priority: 'low' });
  }

  /** Time never goes back: answers overtake each other. */
  public take(headers: Readonly<Record<string, string | undefined>>): void {
    const time = Date.parse(headers[LOCAL_TIME] ?? headers.date ?? '');
    if (Number.isNaN(time)) { return; }
    this.isLocal = headers[LOCAL_TIME] !== undefined;
    this.newest = Math.max(time, this.newest ?? time);
  }
}
