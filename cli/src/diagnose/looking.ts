import { deniedAction, isDenied, isOfCredentials } from '../account/sentences';

/** What could not be looked at, and why: sentences for the reader. */
export class Notes {
  private readonly texts = new Set<string>();

  public add(text: string): void {
    this.texts.add(text);
  }

  /** As they are: a line feed may be a part of a secret. */
  public get all(): string[] {
    return [...this.texts];
  }

  /**
   * Looks at something. A denial, or another failure, is a note, and the diagnosis goes on without.
   *
   * @param what the thing, within a sentence
   * @throws what says that the credentials are not valid: nothing else can be looked at either
   */
  public async look<T>(what: string, looking: () => Promise<T>): Promise<T | undefined> {
    try {
      return await looking();
    } catch (error) {
      if (isOfCredentials(error)) { throw error; }
      this.couldNot(what, error);
      return undefined;
    }
  }

  /** Why something could not be looked at. */
  public couldNot(what: string, error: unknown): void {
    const { name, message } = error as Error;
    this.add(`Could not look at ${what}: ${isDenied(error)
      ? `AWS denies ${deniedAction(error) ?? 'the call'}. inference-recommender diagnose --policy prints the policy that diagnose needs.`
      : `${name}: ${message}`}`);
  }
}
