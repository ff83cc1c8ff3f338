import { ChangeSet } from './changes';
import { CustomResources } from './custom-resources';
import { Surroundings } from './engine/deployment';
import { guid } from './ids';
import { Definition, Output, Stack } from './stack';
import { parseTemplate } from './template/document';
import { GivenParameter, resolveParameters } from './template/parameters';
import { checkCapabilities, MOST } from './template/quotas';
import { invalid } from './template/template';
import { AwsError, Region, ResourceProvider } from '../kernel';
import { S3 } from '../s3';
import { Ssm } from '../ssm';

/** The members that CreateStack, UpdateStack and CreateChangeSet share. */
export interface DefinitionInput {
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  readonly UsePreviousTemplate?: boolean | string;
  readonly Parameters?: GivenParameter[];
  readonly Tags?: Array<{ readonly Key: string; readonly Value: string }>;
  readonly Capabilities?: readonly string[];
  /** Of a change set only. */
  readonly ChangeSetName?: string;
}

/** The stacks of an account in a Region, and their operations. */
export abstract class Stacks implements Surroundings {
  /** All stacks, including deleted ones, by ARN. */
  public readonly stacks = new Map<string, Stack>();
  /** By ARN. */
  public readonly changeSets = new Map<string, ChangeSet>();
  public changeSetsMade = 0;
  public readonly customResources = new CustomResources();

  /** The provider of a type. */
  public abstract readonly providerOf: (type: string) => ResourceProvider;

  /** The time, in real milliseconds, for which an answer waits for the work to end. */
  constructor(private readonly region: Region, private readonly holdAnswersMs = 10_000) {}

  /** Delivers a custom resource's answer. Returns whether the URL was valid: one of ours, and not expired. */
  public respond(token: string, body: string): boolean {
    return this.customResources.respond(token, body);
  }

  /** A stack by name or ARN. A deleted stack is found by its ARN only. */
  public find(nameOrArn: string): Stack | undefined {
    return this.stacks.get(nameOrArn) ?? [...this.stacks.values()].find(({ name, deleted }) => name === nameOrArn && !deleted);
  }

  public get(nameOrArn: unknown, sentence = (name: string) => `Stack with id ${name} does not exist`): Stack {
    if (typeof nameOrArn !== 'string' || nameOrArn === '') {
      throw invalid("1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null");
    }
    const stack = this.find(nameOrArn);
    if (!stack) { throw invalid(sentence(nameOrArn)); }
    return stack;
  }

  public addStack(name: string, definition: Definition, parent?: Stack): Stack {
    checkName('stackName', name);
    if ([...this.stacks.values()].filter(({ deleted }) => !deleted).length >= MOST.stacks) {
      throw new AwsError('LimitExceededException', `Limit for stack has been exceeded: ${MOST.stacks}`);
    }
    const id = this.region.arn('cloudformation', `stack/${name}/${guid(this.region.account, this.region.name, name, this.stacks.size)}`);
    const stack = new Stack(this.region, name, id, definition, parent);
    this.stacks.set(id, stack);
    return stack;
  }

  /** Reads the template and the parameters of a request. */
  public define(input: DefinitionInput, previous?: Definition): Definition {
    const body = this.templateBody(input, previous);
    const template = parseTemplate(body);
    checkCapabilities(template, Array.isArray(input.Capabilities) ? input.Capabilities : [], input.ChangeSetName !== undefined);
    // An empty list arrives as an empty string.
    const given = Array.isArray(input.Parameters) ? input.Parameters : [];
    const parameters = resolveParameters(template, given, previous?.parameters ?? {}, (name) => this.region.room(Ssm).valueOf(name));
    const tags = Array.isArray(input.Tags) ? Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value])) : previous?.tags ?? {};
    return { body, template, parameters, tags };
  }

  public templateBody({ TemplateBody, TemplateURL, UsePreviousTemplate }: DefinitionInput, previous?: Definition): string {
    const usesPrevious = String(UsePreviousTemplate) === 'true';
    if (usesPrevious && (TemplateBody ?? TemplateURL) !== undefined) { throw invalid('You cannot specify both usePreviousTemplate and Template Body or Template URL.'); }
    if (usesPrevious && previous) { return previous.body; }
    if ((TemplateBody === undefined) === (TemplateURL === undefined)) { throw invalid('Either Template URL or Template Body must be specified.'); }
    if (typeof TemplateBody === 'string') {
      if (Buffer.byteLength(TemplateBody) > MOST.body) {
        throw invalid(`1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MOST.body}`);
      }
      return TemplateBody;
    }
    let bucket: string;
    let path: string[];
    try {
      const { hostname, pathname } = new URL(TemplateURL!);
      const [, virtual] = /^(.+)\.(?:s3[.-]|localhost)/.exec(hostname) ?? [];
      path = decodeURIComponent(pathname).slice(1).split('/');
      bucket = virtual ?? path.shift()!;
    } catch {
      throw invalid('TemplateURL must be a supported URL.');
    }
    let file: Buffer;
    try {
      file = this.region.room(S3).getObject(bucket, path.join('/'));
    } catch (error) {
      throw invalid(`S3 error: ${(error as Error).message}`);
    }
    if (file.length > MOST.file) { throw invalid(`Template may not exceed ${MOST.file} bytes in size.`); }
    return file.toString('utf8');
  }

  public importValue(name: string): string {
    const found = this.exports().find((other) => other.name === name);
    if (!found) { throw invalid(`No export named ${name} found.`); }
    return found.value;
  }

  public exports(): Array<{ readonly stack: Stack; readonly name: string; readonly value: string }> {
    return [...this.stacks.values()].flatMap((stack) => exported(stack.outputs).map((output) => ({ ...output, stack })));
  }

  /** The names of the stacks that use an export. */
  public importers(exportName: string): string[] {
    return [...this.stacks.values()].filter(({ imports }) => imports.has(exportName)).map(({ name }) => name);
  }

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
  public checkExports(stack: Stack, outputs: readonly Output[]): void {
    for (const { name, value } of exported(stack.outputs)) {
      const users = this.importers(name).join(', ');
      const now = exported(outputs).find((output) => output.name === name);
      if (users && now?.value !== value) { throw invalid(`Export ${name} cannot be ${now ? 'updated' : 'deleted'} as it is in use by ${users}`); }
    }
    for (const { name } of exported(outputs)) {
      const owner = this.exports().find((other) => other.name === name && other.stack !== stack);
      if (owner) { throw invalid(`Export with name ${name} is already exported by stack ${owner.stack.name}. Rename export or stack to continue`); }
    }
  }

  /** Why a stack cannot be deleted, if others use its exports. */
  public exportInUse(stack: Stack): string | undefined {
    const used = exported(stack.outputs).find(({ name }) => this.importers(name).length > 0);
    return used && `Cannot delete export ${used.name} as it is in use by ${this.importers(used.name).join(', ')}.`;
  }

  public interrupt(stack: Stack): void {
    this.customResources.interrupt(stack.id);
    for (const child of this.stacks.values()) {
      if (child.parent !== stack || !/^(CREATE|UPDATE)_IN_PROGRESS$/.test(child.status)) { continue; }
      child.cancelled = 'parent';
      this.interrupt(child);
    }
  }

  /**
   * Called with the clock held: starts work on a stack, and delays the answer, but not the clock, until the work ends or the time is up.
   * Current work on the same stack ends first.
   */
  public async begin(stack: Stack, work: () => Promise<void>): Promise<void> {
    const { clock } = this.region;
    await clock.wait((done) => {
      const whole = stack.inProgress ? stack.work.then(() => clock.run(work)) : clock.run(work);
      // An exception here is a defect of the local AWS: the stack reports it instead of staying in progress forever.
      stack.work = whole.catch((error: Error) => stack.setStatus(stack.baseline ? 'UPDATE_ROLLBACK_FAILED' : 'ROLLBACK_FAILED', `Internal error: ${error.message}`));
      const timeout = setTimeout(() => done(undefined), this.holdAnswersMs).unref();
      void stack.work.then(() => {
        clearTimeout(timeout);
        done(undefined);
      });
    });
  }
}

function exported(outputs: readonly Output[]): Array<{ readonly name: string; readonly value: string }> {
  return outputs.flatMap(({ exportName, value }) => exportName === undefined ? [] : [{ name: exportName, value }]);
}

/** Refuses a string that is not a valid name of a stack or change set. */
export function checkName(member: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) { return; }
  throw invalid(`1 validation error detected: Value '${String(name)}' at '${member}' failed to satisfy constraint: `
    + 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
}
