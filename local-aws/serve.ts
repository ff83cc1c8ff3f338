import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { LocalAwsOptions, startLocalAws } from './index';
import { whenTold } from './lifetime';

/**
 * Runs a local AWS until it is told to end. Prints the commands that lead a POSIX shell to it, or writes them into a file, which appears when it is ready and goes at the end.
 */
export async function serve(options: LocalAwsOptions, file?: string): Promise<void> {
  if (file !== undefined) {
    if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(FIRST_COMMAND)) {
      throw new Error(`--write-env ${file} is there, and is none of a local AWS: name a file that does not exist`);
    }
    // What an earlier run has left leads nowhere.
    rmSync(file, { force: true });
  }
  const starting = startLocalAws(options);
  let isOver = false;
  whenTold(async () => {
    if (isOver) { process.exit(1); }
    isOver = true;
    const code = await starting.then((aws) => aws.close()).then(() => 0, (error: Error) => {
      console.error(error.message);
      return 1;
    });
    if (file !== undefined) { rmSync(file, { force: true }); }
    process.exit(code);
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

const FIRST_COMMAND = 'unset AWS_PROFILE';

/** Commands for a POSIX shell. A profile or an endpoint of the user's own would lead elsewhere, so all variables of AWS go first. */
function shellCommands(environment: Readonly<Record<string, string>>): string {
  return [
    `${FIRST_COMMAND} $(env | sed -n 's/^\\(AWS_[A-Za-z0-9_]*\\)=.*/\\1/p')`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ].map((line) => `${line}\n`).join('');
}

/** A word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
