import { readFileSync } from 'fs';
import { request } from 'http';
import { createRequire } from 'module';
import { dirname, join } from 'path';
import { InvocationResult, Lambda, LambdaFunction, LambdaRunner, ProcessRunner } from '../../local-aws/lambda';
import { StepFunctions } from '../../local-aws/step-functions';

const requireBuiltin = createRequire(__filename);
const RUNTIME = join(dirname(require.resolve('aws-cdk-lib/package.json')), 'custom-resources', 'lib', 'provider-framework', 'runtime');

/**
 * Runs functions as the local AWS does, and the Provider framework's functions in process. Their code is the framework's own, except for the file
 * that calls AWS: it supports neither an endpoint's port nor HTTP, and needs an SDK that only the Lambda runtime has.
 */
export class FrameworkRunner implements LambdaRunner {
  private readonly processes = new ProcessRunner();
  private readonly loaded = new Map<LambdaFunction, Record<string, (event: unknown) => Promise<unknown>>>();

  public async run(fn: LambdaFunction, payload: unknown, awsRequestId: string): Promise<InvocationResult> {
    const [module, method] = fn.handler.split('.');
    if (module !== 'framework') { return this.processes.run(fn, payload, awsRequestId); }
    const handlers = this.loaded.get(fn) ?? framework(fn);
    this.loaded.set(fn, handlers);
    try {
      return { payload: await handlers[method](JSON.parse(JSON.stringify(payload))) };
    } catch (error) {
      return { error: { errorType: (error as Error).name, errorMessage: (error as Error).message } };
    }
  }

  public forget(fn: LambdaFunction): void {
    this.loaded.delete(fn);
    this.processes.forget(fn);
  }

  public close(): Promise<void> | void {
    return this.processes.close();
  }
}

/** The framework's handlers with a function's own environment. */
function framework(fn: LambdaFunction): Record<string, (event: unknown) => Promise<unknown>> {
  const modules: Record<string, any> = { './outbound': outbound(fn) };
  const load = (name: string): any => {
    if (!name.startsWith('./')) { return requireBuiltin(name); }
    if (!(name in modules)) {
      const exports = {};
      const module = { exports };
      const code = new Function('exports', 'module', 'require', 'process', 'console', readFileSync(join(RUNTIME, `${name}.js`), 'utf8'));
      code(exports, module, load, { env: fn.environment }, { log: () => {} });
      modules[name] = module.exports;
    }
    return modules[name];
  };
  return load('./framework');
}

/** The framework's calls of AWS: executions, invocations, and the answer. */
function outbound({ region }: LambdaFunction): object {
  const call = { region, principal: { account: region.account, arn: `arn:${region.partition}:iam::${region.account}:root` }, requestId: 'framework' };
  return {
    startExecution: async (input: unknown) => region.room(StepFunctions).operations.StartExecution(input, call),
    invokeFunction: async ({ FunctionName, Payload }: { FunctionName: string; Payload: string }) =>
      region.room(Lambda).operations.Invoke({ FunctionName, Payload: JSON.parse(Payload) }, call),
    httpRequest: (options: object, body: string) => new Promise<void>((resolve, reject) => {
      const { port } = new URL(region.world.endpoint);
      const put = request({ ...options, protocol: 'http:', port }, (response) => {
        response.resume();
        if (response.statusCode! < 400) { resolve(); } else { reject(new Error(`The answer was refused: ${response.statusCode}`)); }
      });
      put.on('error', reject);
      put.end(body);
    }),
  };
}
