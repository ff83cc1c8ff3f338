import { resolve } from 'path';
import { sentenceOf } from './account/sentences';
import { READERS } from './readers';
import { processIo } from './terminal/io';
import { HELP, helpOf } from './terminal/usages';
import { split, understood, USAGE_EXIT_CODE, UsageError } from '../../local-aws/arguments';
import { version } from '../package.json';

const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<number | void>>> = {
  async rehearse(args) {
    const { rehearse, FLAGS, FLAGS_USAGE, optionsFrom } = await localAws();
    const { values: { json, ...flags }, command } = split(args, { ...FLAGS, json: { type: 'boolean' } });
    if (!command?.length) { throw new UsageError(`rehearse needs a command: inference-recommender rehearse ${FLAGS_USAGE} [--json] -- COMMAND…`); }
    return rehearse(command, process.cwd(), understood(() => optionsFrom(flags, process.cwd())), json ? 'json' : 'text');
  },

  async serve(args) {
    const { serve, FLAGS, FLAGS_USAGE, optionsFrom } = await localAws();
    const { values: { 'write-env': file, ...flags }, command } = split(args, { ...FLAGS, 'write-env': { type: 'string' } });
    if (command) { throw new UsageError(`serve takes no command, and got ${command.join(' ') || '--'}: inference-recommender serve ${FLAGS_USAGE} [--write-env FILE]`); }
    return serve(understood(() => optionsFrom(flags, process.cwd())), file === undefined ? undefined : resolve(file));
  },

  async demo(args) {
    const { values: { calls }, command } = split(args, { calls: { type: 'string' } } as const);
    if (command) { throw new UsageError(`demo takes no command, and got ${command.join(' ') || '--'}: inference-recommender demo [--calls FILE]`); }
    return (await import('./demo.js')).demo(calls);
  },
};

/** Loaded only by the verbs that start one. */
async function localAws() {
  const [{ rehearse }, { serve }, flags] = await Promise.all([import('../../local-aws/command.js'), import('../../local-aws/serve.js'), import('../../local-aws/flags.js')]);
  return { rehearse, serve, ...flags };
}

async function main([verb, ...args]: readonly string[]): Promise<number | void> {
  if (verb === '--version' || verb === '-v') { return console.log(version); }
  if (verb === '--help' || verb === '-h' || verb === 'help') { return void process.stdout.write(HELP); }
  if (isReader(verb)) {
    if (args[0] === '--help' || args[0] === '-h') { return console.log(helpOf(verb)); }
    // The SDK would say it before each answer.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    try {
      return await READERS[verb](args, processIo());
    } catch (error) {
      throw sentenceOf(error, verb);
    }
  }
  if (verb === undefined || !Object.hasOwn(VERBS, verb)) {
    const all = [...Object.keys(READERS), ...Object.keys(VERBS)];
    throw new UsageError(`${verb === undefined ? 'A verb is missing' : `${verb} is no verb`}: say ${all.slice(0, -1).join(', ')} or ${all.at(-1)}, or look at inference-recommender --help`);
  }
  if (process.platform === 'win32' && verb !== 'serve') { throw new UsageError(`${verb} does not run on Windows: use the Windows Subsystem for Linux`); }
  const [first] = args;
  if (first === '--help' || first === '-h') { return void process.stdout.write(HELP); }
  return VERBS[verb](args);
}

function isReader(verb: string | undefined): verb is keyof typeof READERS {
  return verb !== undefined && Object.hasOwn(READERS, verb);
}

// A reader of the output that has gone away ends nothing.
for (const stream of [process.stdout, process.stderr]) { stream.on('error', () => {}); }

main(process.argv.slice(2)).then((code) => { if (typeof code === 'number') { process.exit(code); } }, (error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof UsageError ? USAGE_EXIT_CODE : 1);
});
