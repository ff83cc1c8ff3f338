import { RemovalPolicy } from 'aws-cdk-lib';
import { IRuleTarget } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Writes each event to a log. A real app would start a pipeline or a state machine instead. */
export function exampleListener(scope: Construct, id: string): { readonly target: IRuleTarget; readonly logGroup: LogGroup } {
  const logGroup = new LogGroup(scope, `${id}Log`, { removalPolicy: RemovalPolicy.DESTROY });
  const listener = new Lambda(scope, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async (event) => console.log(JSON.stringify(event));'),
    logGroup,
  });
  return { target: new LambdaFunction(listener), logGroup };
}
