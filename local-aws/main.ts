import { parseArgs } from 'util';
import { startLocalAws } from './index';

/** `npx tsx local-aws/main.ts [--port N] [--region R] [--account A]`: prints shell commands to evaluate, and runs until Ctrl-C. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, region: { type: 'string' }, account: { type: 'string' } } });
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) { throw new Error(`--port ${values.port} must be a number from 0 to 65535`); }
  const aws = await startLocalAws({ ...values, port });
  // A profile of the user's own would override the keys.
  console.log('unset AWS_PROFILE AWS_CA_BUNDLE');
  for (const [name, value] of Object.entries(aws.environment())) { console.log(`export ${name}='${value}'`); }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void aws.close().then(() => process.exit(0)));
  }
}

main().catch((error) => {
  console.error(String(error instanceof Error ? error.message : error));
  process.exitCode = 1;
});
