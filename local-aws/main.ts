import { resolve } from 'path';
import { split, understood, USAGE_EXIT_CODE, UsageError } from './arguments';
import { rehearse } from './command';
import { FLAGS, FLAGS_USAGE, optionsFrom } from './flags';
import { serve } from './serve';

const USAGE = `local-aws ${FLAGS_USAGE} [--write-env FILE | [--json] -- COMMAND …]`;

/** npm runs a script in the package's folder. Paths and commands are the user's, so they belong to the user's folder. */
const CWD = process.env.npm_lifecycle_event === 'local-aws' && process.env.INIT_CWD || process.cwd();

/** Runs a command with the local AWS, or prints shell commands that lead clients to it, and runs until it is told to end. */
async function main(): Promise<void> {
  const { values: { 'write-env': file, json, ...flags }, command } = split(process.argv.slice(2), { ...FLAGS, 'write-env': { type: 'string' }, 'json': { type: 'boolean' } });
  const options = understood(() => optionsFrom(flags, CWD));
  if (!command) { return serve(options, file === undefined ? undefined : resolve(CWD, file)); }
  if (command.length === 0) { throw new UsageError(`A command must follow the --: ${USAGE}`); }
  if (file !== undefined) { throw new UsageError('--write-env is for a local AWS without a command: the command gets the environment by itself'); }
  process.exit(await rehearse(command, CWD, options, json ? 'json' : 'text'));
}

// A reader of the output that has gone away ends nothing.
for (const stream of [process.stdout, process.stderr]) { stream.on('error', () => {}); }

main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof UsageError ? USAGE_EXIT_CODE : 1);
});
