import { mkdtempSync, rmSync } from 'fs';
import { devNull, tmpdir } from 'os';
import { join } from 'path';
import { Server } from './server';
import { DOCKER } from './stand-ins';
import { StateFolder } from './state/folder';
import { rest, restore, stateOf } from './state/world-state';
import { World, WorldOptions } from './world';

export * from './kernel/calls';
export * from './kernel/clock';
export * from './kernel/errors';
export * from './kernel/rates';
export { recordedJob } from './sagemaker';
export type { Call, Operation, Operations, Principal } from './kernel/world';
export * from './world';

export interface LocalAwsOptions extends WorldOptions {
  /** @default - a free port */
  readonly port?: number;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** @default '111111111111' */
  readonly account?: string;
  /** A folder that keeps the world: it begins with what an earlier run has left there, and `close()` leaves it there. @default - an empty world, that is not kept */
  readonly state?: string;
}

/** A client's account and Region. */
export interface Home {
  /** The client's keys belong to this account. @default - the account that the local AWS was started with */
  readonly account?: string;
  /** @default - the Region that the local AWS was started with */
  readonly region?: string;
}

/** What connects a client of the SDK. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A running local AWS. */
export interface LocalAws {
  readonly world: World;
  readonly endpoint: string;
  /** Environment variables that connect a client, and no others: in another account or Region, if one is given. */
  environment(home?: Home): Record<string, string>;
  /** The same for a client of the SDK: its constructor takes this. */
  client(home?: Home): ClientConfig;
  close(): Promise<void>;
}

/** Starts a local AWS on the loopback interface. */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const folder = options.state === undefined ? undefined : new StateFolder(options.state);
  try {
    return await start(options, folder);
  } catch (error) {
    folder?.close();
    throw error;
  }
}

async function start(options: LocalAwsOptions, folder: StateFolder | undefined): Promise<LocalAws> {
  const { port = 0, region = 'us-east-1', account = '111111111111' } = options;
  const state = folder?.read();
  const world = new World({ imported: 'required', ...options });
  if (state) { await restore(world, state, folder!); }
  const server = new Server(world, { port, region, account });
  const endpoint = `http://localhost:${await server.listen()}`;
  world.endpoint = endpoint;
  // A client outside waits in real time.
  world.rates.now = () => world.clock.now() + performance.now();
  // The CDK CLI remembers accounts between runs.
  const cdkHome = mkdtempSync(join(tmpdir(), 'local-aws-cdk-home-'));
  const client = (home: Home = {}) => ({
    endpoint,
    region: home.region ?? region,
    credentials: { accessKeyId: home.account ?? account, secretAccessKey: world.secret },
  });
  return {
    world,
    endpoint,
    client,
    environment: (home = {}) => ({
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: home.account ?? account,
      AWS_SECRET_ACCESS_KEY: world.secret,
      AWS_SESSION_TOKEN: '',
      AWS_REGION: home.region ?? region,
      AWS_DEFAULT_REGION: home.region ?? region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_PAGER: '',
      CDK_HOME: cdkHome,
      CDK_DOCKER: DOCKER,
      LOCAL_AWS_DOCKER: process.env.CDK_DOCKER ?? 'docker',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
      CI: '1',
    }),
    close: async () => {
      try {
        if (folder) {
          await rest(world);
          folder.write(stateOf(world, folder));
        }
      } finally {
        await server.close();
        await world.close();
        rmSync(cdkHome, { recursive: true, force: true });
        folder?.close();
      }
    },
  };
}
