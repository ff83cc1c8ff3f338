import { USAGE_EXIT_CODE } from '../../../local-aws/arguments';

/** The usage of each verb that reads an account, an app, or a job. */
export const USAGES = {
  estimate: 'inference-recommender estimate [--app cdk.out] [--region R] [--prices FILE | --get-products [--profile P]] [--budget USD] [--monthly-budget USD] [--format table|markdown|csv|json] [--json] [--policy]',
  show: 'inference-recommender show STACK|JOB|MODEL|--from FILE [--format table|markdown|csv|json] [--json] [--region R] [--profile P] [--policy]',
  report: 'inference-recommender report STACK|JOB|MODEL|--from FILE --out report.html [--json] [--region R] [--profile P] [--policy]',
  watch: 'inference-recommender watch [--interval 20s] [--json] [--region R] [--profile P] [--policy] STACK|JOB, or -- COMMAND… in its place',
  diagnose: 'inference-recommender diagnose STACK|JOB|MODEL [--json] [--region R] [--profile P] [--policy]',
  compare: 'inference-recommender compare STACK|JOB|FILE [STACK|JOB|FILE | --endpoint NAME] [--fail-on-regression PERCENT [--chosen]] [--equal-within PERCENT] '
    + '[--since 24h] [--latency-unit ms|us] [--prices FILE] [--format table|markdown|csv|json] [--json] [--region R] [--profile P] [--policy]',
} as const;

export const HELP = `See what SageMaker's recommendations and benchmarks cost, do and recommend, and rehearse them on your machine.

From what cdk synth has written, before any deploy:
  inference-recommender estimate [--app cdk.out]           what jobs cost at most, and endpoints a month

With the credentials of your AWS account, read-only, or within a rehearsal:
  inference-recommender show STACK|JOB|MODEL               the recommendations, ranked: chosen, runner-up, rejected and why; what a benchmark has measured
  inference-recommender report STACK|JOB|MODEL --out FILE  one page with plots, the choice and why, what a fleet costs at a load, what a benchmark has measured
  inference-recommender watch STACK|JOB                    the benchmarks while they run: states, figures, failures; then the ranked table
  inference-recommender watch [OPTIONS] -- COMMAND…        the same for the stacks that a command deploys, below its own output
  inference-recommender diagnose STACK|JOB|MODEL           what went wrong, the likeliest cause first, and what helps
  inference-recommender compare A B                        two jobs of one kind, by stack, name, file or output.tar.gz: what is better and worse, in percent
  inference-recommender compare STACK                      what the stack's endpoint or inference component does now, against its benchmark
  inference-recommender compare JOB --endpoint NAME        the same for any job and any endpoint

A local AWS takes the deploy, nothing is billed, and hours take seconds:
  inference-recommender rehearse [OPTIONS] [--] COMMAND…   runs a command with a local AWS, for example: rehearse -- npx cdk deploy --all
  inference-recommender serve [OPTIONS] [--write-env FILE] runs a local AWS until Ctrl-C, and prints what leads a shell to it
  inference-recommender demo [--calls FILE]                benchmarks a model and deploys it on the best instance; FILE gets the requests
  inference-recommender --help | --version

Options of estimate:
  --app DIR                     the folder that cdk synth has written (CDK_OUTPUT, which a rehearsal sets, else cdk.out)
  --prices FILE                 your own: lines such as ml.c5.xlarge,0.204 or JSON, in US dollars an hour
  --get-products                prices from AWS's Price List, with your credentials
  --budget USD                  ends with 3 if jobs may cost more, or an amount that is not known
  --monthly-budget USD          the same for endpoints a month

Options of compare:
  --endpoint NAME               what runs now, instead of the stack's own endpoint or of a second job
  --fail-on-regression PERCENT  ends with 3 if a figure is worse by more; --chosen: only of the chosen endpoint
  --equal-within PERCENT        what counts as equal (1)
  --since 24h                   how far back CloudWatch is asked about an endpoint
  --latency-unit ms|us          what the job's latencies are in, which decides whether an endpoint's can be compared
  --prices FILE                 your own prices of what runs, as for estimate

Options of report:
  --out FILE                    where the page is written, also beside --json

Options of show and report:
  --from FILE                   instead of an account: a job or a model as aws prints it, or what an AI benchmark job has measured:
                                output.tar.gz or profile_export_aiperf.json

Options of watch:
  --interval 20s                the pause between two looks (20s, load tests and generative jobs 1m, in a rehearsal 1s)

Options of estimate, show and compare:
  --format F                    table, markdown, csv or json

Options of estimate, show, report, watch, diagnose and compare:
  --json                        what the verb finds as JSON; watch: a line of JSON for each change
  --region R, --profile P       what else than your environment says; estimate: R is for stacks that leave it open
  --policy                      prints the IAM policy that the verb needs, and ends

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

/** The usage and the options of a verb. */
export function helpOf(verb: keyof typeof USAGES): string {
  const options = HELP.split('\n\n').filter((block) => new RegExp(`^Options of [^:]*\\b${verb}\\b`).test(block));
  return [USAGES[verb], ...options, 'All verbs and their exit codes: inference-recommender --help'].join('\n\n');
}
