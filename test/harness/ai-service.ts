type Answer = (input: any) => unknown;

/** A service's error, as the SDK has it. */
export function serviceError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

/** SageMaker as a table of answers. It keeps what was asked of it, and the tags of resources. */
export class TableOfAnswers {
  public readonly calls: Array<{ readonly operation: string; readonly input: any }> = [];
  public readonly tags = new Map<string, Map<string, string>>();
  private readonly answers: Record<string, Answer>;

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = {
      ListTags: ({ ResourceArn }) => ({ Tags: [...this.tagsOf(ResourceArn)].map(([Key, Value]) => ({ Key, Value })) }),
      AddTags: ({ ResourceArn, Tags }) => { Tags.forEach(({ Key, Value }: any) => this.tagsOf(ResourceArn).set(Key, Value)); },
      DeleteTags: ({ ResourceArn, TagKeys }) => { TagKeys.forEach((key: string) => this.tagsOf(ResourceArn).delete(key)); },
      ...answers,
    };
  }

  /** As the SDK's client. */
  public get client(): any {
    return {
      send: async (command: any) => {
        const operation = command.constructor.name.replace(/Command$/, '');
        const { input } = command;
        this.calls.push({ operation, input });
        if (!this.answers[operation]) { throw new Error(`Nobody answers ${operation}.`); }
        return this.answers[operation](input) ?? {};
      },
    };
  }

  public tagsOf(arn: string): Map<string, string> {
    const tags = this.tags.get(arn) ?? new Map<string, string>();
    this.tags.set(arn, tags);
    return tags;
  }

  public asked(operation: string): any[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }
}
