import { resolve } from 'path';
import { sentenceOf } from './account/sentences';
import { READERS } from './readers';
import { version } from '../package.json';
import { processIo } from './terminal/io';
import { USAGES } from './terminal/usages';
import { split, understood, USAGE_EXIT_CODE, UsageError } from '../../local-aws/arguments';

const HELP = `See what SageMaker Inference Recommender costs, does and recommends, and rehearse it on your machine.

From what cdk synth has written, before any deploy:
  inference-recommender estimate [--app cdk.out]           what jobs cost at most, and endpoints a month

With the credentials of your AWS account, read-only, or within a rehearsal:
  inference-recommender show STACK|JOB                     the recommendations, ranked: chosen, runner-up, rejected and why
  inference-recommender report STACK|JOB --out FILE        one page with plots, the choice and why, and what a fleet costs at a load
  inference-recommender watch STACK|JOB                    the benchmarks while they run: states, figures, failures; then the ranked table
  inference-recommender watch [OPTIONS] -- COMMAND…        the same for the stacks that a command deploys, below its own output
  inference-recommender diagnose STACK|JOB                 what went wrong, the likeliest cause first, and what helps
  inference-recommender compare A B                        two jobs, by stack, name or file: what is better and worse, in percent
  inference-recommender compare STACK                      what the stack's endpoint does now, against its benchmark
  inference-recommender compare JOB --endpoint NAME        the same for any job and any endpoint

A local AWS takes the deploy, nothing is billed, and hours take seconds:
  inference-recommender rehearse [OPTIONS] [--] COMMAND…   runs a command with a local AWS, for example: rehearse -- npx cdk deploy --all
  inference-recommender serve [OPTIONS] [--write-env FILE] runs a local AWS until Ctrl-C, and prints what leads a shell to it
  inference-recommender demo [--calls FILE]                benchmarks a model and deploys it on the best instance; FILE gets the requests
  inference-recommender --help | --version

Options of estimate:
  --app DIR                     the folder that cdk synth has written (cdk.out)
  --region R                    for stacks that leave it open
  --prices FILE                 your own: lines such as ml.c5.xlarge,0.204 or JSON, in US dollars an hour
  --get-products                prices from AWS's Price List, with your credentials
  --budget USD                  ends with 3 if jobs may cost more, or an amount that is not known
  --monthly-budget USD          the same for endpoints a month

Options of compare:
  --fail-on-regression PERCENT  ends with 3 if a figure is worse by more; --chosen: only of the chosen endpoint
  --equal-within PERCENT        what counts as equal (1)
  --since 24h                   how far back CloudWatch is asked about an endpoint
  --latency-unit ms|us          what the job's latencies are in, which decides whether an endpoint's can be compared
  --prices FILE                 your own prices of what runs, as for estimate

Options of show, compare, watch and diagnose:
  --format F, --json            show, compare: table, markdown, csv or json; watch: a line of JSON for each change
  --json                        diagnose: the causes as JSON
  --interval 20s                watch: the pause between two looks (20s, load tests 1m, in a rehearsal 1s)
  --region R, --profile P       what else than your environment says
  --policy                      prints the IAM policy that the verb needs, and ends

Options of report:
  --out FILE                    where the page is written
  --from FILE                   a job as aws prints it, instead of an account
  --json                        prints the data of the page; the page itself only with --out

Options of rehearse and serve:
  --state DIR                   keep stacks, jobs, objects and parameters in a folder, for the next command
  --region R, --account A       what clients are in, unless they say otherwise (us-east-1, 111111111111)
  --without-capacity TYPE,…     instance types of which none is free
  --quota "NAME=N,…"            quotas, for example: "ml.c5.xlarge for endpoint usage=0"
  --load N                      requests a minute that each endpoint takes, for its metrics (0)
  --assume-imports              roles and objects in S3 that nobody has made here count as there
  --benchmarks FILE             what jobs find: a job as aws prints it, or results by type in YAML
  --scenario NAME,…             what goes wrong, for example: capacity, out-of-memory, throttling
  --fail-at 30m                 when a job fails, after its begin
  --speed virtual|60x|real      how fast time passes (virtual: hours take seconds)
  --json                        what rehearse says at the end, as one line of JSON
  --port N                      a port instead of any free one

The exit code of rehearse and of watch around a command is the command's own. watch ends with 0 if jobs and deploy have completed, 1 if one has
failed or was stopped, and 130 at Ctrl-C, which stops nothing else. estimate ends with 3 above a budget, compare with 3 if something
is worse by more than you allow, diagnose with 1 if it has found a cause. A command line that cannot be understood ends with ${USAGE_EXIT_CODE}.
`;

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

/** The usage and the options of a verb. */
function helpOf(verb: keyof typeof READERS): string {
  const options = HELP.split('\n\n').filter((block) => new RegExp(`^Options of [^:]*\\b${verb}\\b`).test(block));
  return [USAGES[verb], ...options, 'All verbs and their exit codes: inference-recommender --help'].join('\n\n');
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
