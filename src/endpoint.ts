import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, EndpointReference, IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Arn, ArnFormat, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { IEndpointConfig } from './endpoint-config';

/** Properties of an endpoint. */
export interface EndpointProps {
  /** What the endpoint runs. Changing it updates the endpoint without a pause in its service. */
  readonly endpointConfig: IEndpointConfig;
  /**
   * Name of the endpoint: 1 to 63 letters, digits and hyphens. Changing it replaces the endpoint.
   *
   * @default - a name that CloudFormation makes
   */
  readonly endpointName?: string;
}

/**
 * An endpoint. It costs what its instances cost, from the moment it is deployed.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpoint.html
 *
 * @resource AWS::SageMaker::Endpoint
 */
export class Endpoint extends Resource implements IEndpoint {
  /** An existing endpoint of this account and Region, by its name. */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): IEndpoint {
    return Endpoint.fromEndpointArn(scope, id, Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpointName }));
  }

  /** An existing endpoint, by its ARN. */
  public static fromEndpointArn(scope: Construct, id: string, endpointArn: string): IEndpoint {
    class Import extends Resource implements IEndpoint {
      public readonly endpointArn = endpointArn;
      public readonly endpointName = Arn.split(endpointArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
      public readonly endpointRef: EndpointReference = { endpointArn };
      public grantInvoke(grantee: IGrantable): Grant {
        return grantInvoke(this, grantee);
      }
    }
    return new Import(scope, id, { environmentFromArn: endpointArn });
  }

  /** @attribute */
  public readonly endpointArn: string;
  /** @attribute */
  public readonly endpointName: string;
  public readonly endpointRef: EndpointReference;

  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id, { physicalName: props.endpointName });
    const resource = new CfnEndpoint(this, 'Resource', {
      endpointName: props.endpointName,
      endpointConfigName: props.endpointConfig.endpointConfigName,
    });
    this.endpointArn = this.getResourceArnAttribute(resource.attrEndpointArn, {
      service: 'sagemaker', resource: 'endpoint', resourceName: this.physicalName,
    });
    this.endpointName = this.getResourceNameAttribute(resource.attrEndpointName);
    this.endpointRef = { endpointArn: this.endpointArn };
  }

  /** Lets a principal invoke the endpoint. */
  public grantInvoke(grantee: IGrantable): Grant {
    return grantInvoke(this, grantee);
  }
}

function grantInvoke(endpoint: IEndpoint, grantee: IGrantable): Grant {
  return Grant.addToPrincipal({ grantee, actions: ['sagemaker:InvokeEndpoint'], resourceArns: [endpoint.endpointArn] });
}
