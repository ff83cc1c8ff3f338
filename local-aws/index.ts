import { mkdtempSync, rmSync } from 'fs';
import { devNull, tmpdir } from 'os';
import { join } from 'path';
import { Server } from './server';
import { World, WorldOptions } from './world';

export * from './clock';
export * from './errors';
export * from './world';

export interface LocalAwsOptions extends WorldOptions {
  /** @default - a free one */
  readonly port?: number;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** @default '111111111111' */
  readonly account?: string;
}

/** A running local AWS. */
export interface LocalAws {
  readonly world: World;
  readonly endpoint: string;
  /** What a client finds it by, and nothing else. */
  environment(): Record<string, string>;
  close(): Promise<void>;
}

/** Starts a local AWS on the loopback interface. */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const { port = 0, region = 'us-east-1', account = '111111111111' } = options;
  const world = new World(options);
  const server = new Server(world, { port, region, account });
  const endpoint = `http://localhost:${await server.listen()}`;
  world.endpoint = endpoint;
  // The CDK CLI remembers accounts from run to run.
  const cdkHome = mkdtempSync(join(tmpdir(), 'local-aws-cdk-home-'));
  return {
    world,
    endpoint,
    environment: () => ({
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: '',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_PAGER: '',
      CDK_HOME: cdkHome,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
      CI: '1',
    }),
    close: async () => {
      await server.close();
      await world.close();
      rmSync(cdkHome, { recursive: true, force: true });
    },
  };
}
