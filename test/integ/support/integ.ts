import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { AwsApiCall, ExpectedResult, IntegTest, LambdaInvokeFunction, Match } from '@aws-cdk/integ-tests-alpha';
import { App, CfnResource, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ROW } from './model-package';

/** Name of an operation's service, as `@aws-sdk/client-…` has it. */
export type Service = 'cloudformation' | 'cloudwatch-logs' | 'iam' | 'sagemaker' | 'sagemaker-runtime' | 'ssm' | 'application-auto-scaling';

export interface CallOptions {
  /**
   * Where the value is in the answer, e.g. `PrimaryContainer.Environment.THREADS`. By default, the whole answer is compared: its JSON may have 4,096 bytes at most,
   * because the assertion is a custom resource. Texts on the way that are JSON are parsed.
   */
  readonly path?: string;
  /** How long the call is repeated until it answers what is expected: at most 55 minutes. By default, it is called once. */
  readonly within?: Duration;
  /** Calls that come first. */
  readonly after?: AwsApiCall[];
  /** Permissions of the call, if they have another name than its operation. */
  readonly actions?: string[];
}

export interface ProbeOptions extends CallOptions {
  /** What the program may do. */
  readonly statements: PolicyStatement[];
  /** Input of the program. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * An app of stacks, and of assertions on what they have made. The assertions are in a stack of their own. Each has a name, by which
 * docs/live-verification.md and the output of `integ-runner` know it.
 */
export class Integ {
  public readonly app = new App({
    treeMetadata: false,
    analyticsReporting: false,
    // A snapshot names no folders of a machine.
    stackTraces: false,
    postCliContext: { 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-logicalId-metadata': true },
  });
  private readonly assertions: Stack;
  private readonly tested: Stack[] = [];

  constructor(private readonly name: string) {
    this.assertions = new Stack(this.app, `${name}Assertions`);
  }

  /** A stack that is tested. */
  public stack(id = '', props: StackProps = {}): Stack {
    const stack = new Stack(this.app, `${this.name}${id}`, props);
    this.tested.push(stack);
    // An assertion may name nothing of a stack, and needs what the stack has made.
    this.assertions.addDependency(stack);
    return stack;
  }

  /** A call, whose answer nothing is expected of. */
  public call(id: string, service: Service, api: string, parameters: object, { after = [], actions = [] }: CallOptions = {}): AwsApiCall {
    const call = new AwsApiCall(this.assertions, id, { service: `@aws-sdk/client-${service}`, api, parameters });
    actions.forEach((action) => call.provider.addToRolePolicy({ Effect: 'Allow', Action: [action], Resource: ['*'] }));
    return this.placed(call, after);
  }

  /** A call, and what it must answer. */
  public expect(id: string, service: Service, api: string, parameters: object, expected: ExpectedResult, options: CallOptions = {}): AwsApiCall {
    return this.expected(this.call(id, service, api, parameters, options), expected, options);
  }

  /** What an endpoint answers to a row of the tests' model: a figure between 0 and 1. */
  public expectAnswer(id: string, endpointName: string, options: CallOptions = {}, target: object = {}): AwsApiCall {
    const parameters = { EndpointName: endpointName, ContentType: 'text/csv', Body: ROW, ...target };
    return this.expect(id, 'sagemaker-runtime', 'InvokeEndpoint', parameters, ExpectedResult.objectLike({ Body: Match.stringLikeRegexp('^0\\.\\d+') }), options);
  }

  /** What an attribute that only the deploy knows must be as a whole: a regular expression. */
  public expectText(id: string, stack: Stack, value: string, pattern: string): AwsApiCall {
    // With a word before it, a figure is a text and a value may be empty.
    const { parameterName } = new StringParameter(stack, id, { stringValue: `value ${value}` });
    return this.expect(id, 'ssm', 'GetParameter', { Name: parameterName }, ExpectedResult.stringLikeRegexp(`^value (?:${pattern})$`), { path: 'Parameter.Value' });
  }

  /** A program of `probes/`, for what a single call cannot tell, and what it must answer. */
  public probe(id: string, program: string, expected: ExpectedResult, options: ProbeOptions): AwsApiCall {
    const fn = this.program(id, program, options);
    const invoked = new LambdaInvokeFunction(this.assertions, id, { functionName: fn.functionName });
    return this.expected(this.placed(invoked, options.after ?? []), expected, { ...options, path: options.path && `Payload.${options.path}` });
  }

  /** Writes the app. */
  public synth(): void {
    new IntegTest(this.app, 'Integ', {
      // As one of the tested stacks, the assertions are verified with them.
      testCases: [...this.tested, this.assertions],
      assertionStack: this.assertions,
      // A paid job would be waited for twice. Without it, the snapshots have no assets.
      stackUpdateWorkflow: false,
    });
    const { directory } = this.app.synth();
    withoutReport(join(directory, 'manifest.json'));
  }

  private expected(call: AwsApiCall, expected: ExpectedResult, { path, within }: CallOptions): AwsApiCall {
    if (path === undefined) { call.expect(expected); } else { call.assertAtPath(path, expected); }
    if (within) { call.waitForAssertions({ totalTimeout: within, interval: Duration.minutes(1) }); }
    return call;
  }

  private placed(call: AwsApiCall, after: readonly AwsApiCall[]): AwsApiCall {
    const resource = call.node.findChild('Default').node.defaultChild as CfnResource;
    // It is the time of synthesis otherwise, and no two templates are alike.
    resource.addPropertyOverride('salt', process.env.INTEG_RUN ?? '1');
    call.node.addDependency(...after);
    return call;
  }

  private program(id: string, program: string, { statements, input }: ProbeOptions): Lambda {
    return new Lambda(this.assertions, `${id}Program`, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(readFileSync(join(__dirname, 'probes', `${program}.js`), 'utf8')),
      // A payload with tokens in it would be encoded twice, and be no JSON once they have their values.
      environment: { INPUT: this.assertions.toJsonString(input) },
      timeout: Duration.seconds(100),
      initialPolicy: [...statements],
    });
  }
}

/** A figure that an answer must have. `ExpectedResult.exact` has a form that the assertions' own function does not know. */
export function exactly(figure: number): ExpectedResult {
  return { result: JSON.stringify(figure) };
}

/** Leaves out of an assembly what differs between versions of the CDK only, and is most of it. */
function withoutReport(file: string): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  delete manifest.artifacts['aws-cdk-lib/feature-flag-report'];
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}
