import { renameSync, rmSync, writeFileSync } from 'fs';
import { resolve } from 'path';
import { parseArgs } from 'util';
import { rehearse } from './command';
import { FLAGS, FLAGS_USAGE, optionsFrom } from './flags';
import { LocalAwsOptions, startLocalAws } from './index';
import { whenTold } from './lifetime';

const USAGE = `local-aws ${FLAGS_USAGE} [--write-env FILE | [--json] -- COMMAND …]`;
const OPTIONS = { ...FLAGS, 'write-env': { type: 'string' }, 'json': { type: 'boolean' } } as const;

/** npm runs a script in the package's folder. Paths and commands are the user's, so they belong to the user's folder. */
const CWD = process.env.npm_lifecycle_event === 'local-aws' && process.env.INIT_CWD || process.cwd();

/** Runs a command with the local AWS, or prints shell commands that lead clients to it, and runs until it is told to end. */
async function main(): Promise<void> {
  const [own, command] = split(process.argv.slice(2));
  const { values: { 'write-env': file, json, ...flags } } = parseArgs({ args: own, options: OPTIONS });
  const options = optionsFrom(flags, CWD);
  if (command.length === 0) { return serve(options, file === undefined ? undefined : resolve(CWD, file)); }
  if (file !== undefined) { throw new Error('--write-env is for a local AWS without a command: the command gets the environment by itself'); }
  process.exit(await rehearse(command, CWD, options, json ? 'json' : 'text'));
}

/** The options, and the command: all from the first word on that is neither an option nor its value. A `--` before it may be left out. */
function split(args: string[]): [string[], string[]] {
  const first = parseArgs({ args, options: OPTIONS, strict: false, tokens: true }).tokens.find(({ kind }) => kind !== 'option');
  if (!first) { return [args, []]; }
  const command = args.slice(first.kind === 'option-terminator' ? first.index + 1 : first.index);
  if (command.length === 0) { throw new Error(`A command must follow the --: ${USAGE}`); }
  return [args.slice(0, first.index), command];
}

async function serve(options: LocalAwsOptions, file: string | undefined): Promise<void> {
  // What an earlier run has left leads nowhere.
  if (file !== undefined) { rmSync(file, { force: true }); }
  const starting = startLocalAws(options);
  let isOver = false;
  whenTold(async () => {
    if (isOver) { process.exit(1); }
    isOver = true;
    await (await starting).close();
    if (file !== undefined) { rmSync(file, { force: true }); }
    process.exit(0);
  });
  const aws = await starting;
  if (isOver) { return; }
  const text = shellCommands(aws.environment());
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  // A rename is all or nothing: whoever finds the file finds all of it. It holds the run's secret.
  const part = `${file}.${process.pid}`;
  writeFileSync(part, text, { mode: 0o600 });
  renameSync(part, file);
  console.log(`The local AWS is ready at ${aws.endpoint}. Lead a shell to it with: . ${quoted(file)}`);
}

/** Commands for a POSIX shell. A profile or an endpoint of the user's own would lead elsewhere, so all variables of AWS go first. */
function shellCommands(environment: Readonly<Record<string, string>>): string {
  return [
    "unset AWS_PROFILE $(env | sed -n 's/^\\(AWS_[A-Za-z0-9_]*\\)=.*/\\1/p')",
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ].map((line) => `${line}\n`).join('');
}

/** A word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

// A reader of the output that has gone away ends nothing.
for (const stream of [process.stdout, process.stderr]) { stream.on('error', () => {}); }

main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
