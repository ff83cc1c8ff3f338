import { existsSync } from 'fs';
import { join } from 'path';
import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { CfnEventInvokeConfig, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { AssetStaging, Duration, FileAssetPackaging, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Network } from '../common/network';

export interface HandlerProps {
  /** Name of the bundle in the code. */
  readonly asset: string;
  readonly code: CfnFunction.CodeProperty;
  readonly role: IRoleRef;
  readonly logGroup: ILogGroup;
  readonly timeout: Duration;
  /** Read when the template is made, because variables may be added until then. */
  readonly environment?: () => { readonly [name: string]: string };
  readonly environmentEncryption?: IKeyRef;
  readonly maxEventAge?: Duration;
  /** @default - Lambda's own */
  readonly network?: Network;
}

/** A function of a bundle. Like the CDK's own custom resource providers it uses L1s, because it needs nothing that the L2 adds. */
export class Handler extends Construct {
  public readonly functionArn: string;

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id);
    const handler = new CfnFunction(this, 'Resource', {
      description: `cdk-sagemaker-inference-recommender: ${props.asset}`,
      runtime: 'nodejs24.x',
      handler: `${props.asset}.handler`,
      code: props.code,
      role: props.role.roleRef.roleArn,
      loggingConfig: { logGroup: props.logGroup.logGroupName },
      memorySize: 256,
      timeout: props.timeout.toSeconds(),
      environment: props.environment && { variables: Lazy.any({ produce: props.environment }) },
      kmsKeyArn: props.environmentEncryption?.keyRef.keyArn,
      vpcConfig: props.network && { subnetIds: props.network.vpcConfig.subnets, securityGroupIds: props.network.vpcConfig.securityGroupIds },
    });
    this.functionArn = handler.attrArn;
    if (props.maxEventAge) {
      // A construct of its own keeps the logical id that the CDK's L2 gives.
      new CfnEventInvokeConfig(new Construct(this, 'EventInvokeConfig'), 'Resource', {
        functionName: handler.ref, qualifier: '$LATEST', maximumEventAgeInSeconds: props.maxEventAge.toSeconds(),
      });
    }
  }
}

/** Uploads the bundles of all functions, once for each scope: they share most of their code. In the package, they are beside `lib`. */
export function functionCode(scope: Construct): CfnFunction.CodeProperty {
  const sourcePath = join(__dirname, '..', '..', 'assets', 'lambda');
  if (!existsSync(sourcePath)) {
    throw new Error(`The functions' bundles are missing: ${sourcePath}. In a checkout of the library, run \`npm run compile\` first.`);
  }
  const stack = Stack.of(scope);
  const staging = new AssetStaging(scope, 'Code', { sourcePath });
  const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
    fileName: staging.relativeStagedPath(stack),
    packaging: FileAssetPackaging.ZIP_DIRECTORY,
    sourceHash: staging.assetHash,
    displayName: scope.node.path,
  });
  return { s3Bucket: bucketName, s3Key: objectKey };
}
