import { readFileSync } from 'fs';
import { join } from 'path';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as events from '@aws-sdk/client-eventbridge';
import * as sagemaker from '@aws-sdk/client-sagemaker';
import * as stepfunctions from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';
import { search } from 'jmespath';
import type { ClientConfig } from '../../local-aws';

const DOCUMENT = join(__dirname, '..', '..', 'docs', 'runbook.md');
const SERVICES: Record<string, any> = { cloudformation, events, sagemaker, stepfunctions, ssm };
const CLIENTS: Record<string, string> = {
  cloudformation: 'CloudFormationClient', events: 'EventBridgeClient', sagemaker: 'SageMakerClient', stepfunctions: 'SFNClient', ssm: 'SSMClient',
};

/** The commands of the runbook by the name of their step, which stands behind `sh` where the fence begins. */
export const STEPS: ReadonlyMap<string, readonly string[]> = new Map(
  [...readFileSync(DOCUMENT, 'utf8').matchAll(/^ *```sh(?: ([\w-]+))?\n([^]*?)^ *```$/gm)].map(([block, name, text]) => {
    if (!name) { throw new Error(`A block of the runbook has no name, so no test runs it:\n${block}`); }
    return [name, text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))];
  }),
);

/** Other programs than `aws`, by how their command begins. */
export type Programs = Readonly<Record<string, (args: readonly string[]) => Promise<string>>>;

/** A shell of somebody who follows the runbook: it runs the document's own lines, with the SDK in place of `aws`. */
export class RunbookShell {
  /** The steps that have been run, in any shell. */
  public static readonly done = new Set<string>();

  constructor(private readonly client: ClientConfig, private readonly variables: Record<string, string>, private readonly programs: Programs = {}) {}

  /** Runs a step, and gives what it prints. */
  public async run(step: string, variables: Record<string, string> = {}): Promise<string> {
    const lines = STEPS.get(step);
    if (!lines) { throw new Error(`The runbook has no step ${step}; it has ${[...STEPS.keys()].join(', ')}`); }
    Object.assign(this.variables, variables);
    RunbookShell.done.add(step);
    const printed: string[] = [];
    for (const line of lines) {
      const [, name, inside] = /^([A-Z]+)=\$\((.*)\)$/.exec(line) ?? [];
      const output = await this.command(words(inside ?? line, this.variables));
      if (name) { this.variables[name] = output; } else { printed.push(output); }
    }
    return printed.join('\n');
  }

  private async command([program, ...args]: string[]): Promise<string> {
    if (program === 'aws') { return this.aws(args); }
    const name = Object.keys(this.programs).find((one) => [program, ...args].join(' ').startsWith(one));
    if (!name) { throw new Error(`The runbook runs ${program} ${args.join(' ')}, which this test does not know`); }
    return this.programs[name](args.slice(name.split(' ').length - 1));
  }

  /** What the `aws` command does with such arguments: flags are members of the request, whatever their spelling. */
  private async aws([service, command, ...args]: string[]): Promise<string> {
    const sdk = SERVICES[service];
    const operation = command.split('-').map((part) => part[0].toUpperCase() + part.slice(1)).join('');
    const Command = sdk?.[`${operation}Command`] ?? sdk?.[`${operation.replace('Ai', 'AI')}Command`];
    const shape = sdk?.[`${operation}Input$`] ?? sdk?.[`${operation}Request$`];
    if (!Command || !shape) { throw new Error(`aws ${service} ${command} is no operation`); }
    const { query, output, ...flags } = flagsOf(args);
    const client = new sdk[CLIENTS[service]](this.client);
    try {
      const { $metadata: _, ...answer } = await client.send(new Command(inputOf(shape, flags, `aws ${service} ${command}`)));
      const found = query ? search(JSON.parse(JSON.stringify(answer)), query[0]) : answer;
      return output?.[0] === 'text' ? textOf(found) : JSON.stringify(found);
    } finally {
      client.destroy();
    }
  }
}

/** The words of a line, as a shell splits them: `$NAME` is replaced everywhere but in single quotes. */
function words(line: string, variables: Readonly<Record<string, string>>): string[] {
  const value = (text: string) => text.replace(/\$([A-Z]+)/g, (_found, name) => {
    if (variables[name] === undefined) { throw new Error(`The runbook uses $${name} before it has a value, in: ${line}`); }
    return variables[name];
  });
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|[^\s'"]+/g)].flatMap(([word, single, double]) => (
    single ?? (double === undefined ? value(word).split(/\s+/) : value(double))));
}

/** The values of each flag, by its name. */
function flagsOf(args: readonly string[]): Record<string, string[]> {
  const flags: Record<string, string[]> = {};
  let last: string[] | undefined;
  for (const arg of args) {
    if (arg.startsWith('--')) { last = flags[arg.slice(2)] = []; } else if (last) { last.push(arg); } else { throw new Error(`${arg} follows no flag`); }
  }
  return flags;
}

/** Values by the SDK's numbers for the types of members. */
const READ_AS: Readonly<Record<number, (values: readonly string[]) => unknown>> = {
  0: ([text]) => text,
  1: ([text]) => Number(text),
  64: (texts) => texts,
};

/** The request, by the SDK's own shape of it: its members' names, and which of them are lists, numbers or flags. */
function inputOf(shape: any, flags: Readonly<Record<string, string[]>>, command: string): object {
  const [, , , , names, types] = shape as [number, string, string, number, string[], Array<number | [() => any[], number]>];
  return Object.fromEntries(Object.entries(flags).map(([flag, values]) => {
    const index = names.findIndex((name) => name.toLowerCase() === flag.replaceAll('-', ''));
    if (index < 0) { throw new Error(`${command} knows no --${flag}; it knows ${names.join(', ')}`); }
    // What is sensitive has its type inside.
    const type = types[index];
    const read = READ_AS[Array.isArray(type) ? type[0]()[4] : type];
    if (!read) { throw new Error(`${command} --${flag} is no text, number or list of texts: this test does not read it`); }
    return [names[index], read(values)];
  }));
}

/** As `--output text` prints it: tabs in a row, a line for each row. */
function textOf(found: unknown): string {
  if (!Array.isArray(found)) { return found === null || found === undefined ? 'None' : String(found); }
  return found.every((one) => !Array.isArray(one)) ? found.map(textOf).join('\t') : found.map(textOf).join('\n');
}
