import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnInferenceComponent, IEndpointRef, IInferenceComponentRef } from 'aws-cdk-lib/aws-sagemaker';
import { componentFacts } from './facts';
import { arnsInPolicy, endpointArns } from '../common/refs';

/**
 * Grants of an inference component, of this library, imported, or a `CfnInferenceComponent`. IAM's resource of an invocation is the endpoint, so the
 * principal may invoke its other components as well.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html
 * @example
 * const component = InferenceComponent.fromInferenceComponentName(this, 'Chat', 'chat');
 * InferenceComponentGrants.fromInferenceComponent(component, endpoint).invoke(new iam.AccountRootPrincipal());
 */
export class InferenceComponentGrants {
  /**
   * The grants of an inference component.
   *
   * @param inferenceComponent the component, of any library
   * @param endpoint the endpoint that hosts it: an invocation goes there
   */
  public static fromInferenceComponent(inferenceComponent: IInferenceComponentRef, endpoint: IEndpointRef): InferenceComponentGrants {
    return new InferenceComponentGrants([...endpointArns(endpoint), ...componentArns(inferenceComponent)]);
  }

  // AWS's own policies name both resources: AmazonSageMaker's of Studio, for example.
  private constructor(private readonly resourceArns: string[]) {}

  /**
   * Allows a principal to invoke the component through its endpoint.
   *
   * @param grantee the principal
   * @returns the grant
   */
  public invoke(grantee: IGrantable): Grant {
    return this.actions(grantee, ['sagemaker:InvokeEndpoint']);
  }

  /**
   * Allows a principal to invoke the component through its endpoint, and to read the response as a stream.
   *
   * @param grantee the principal
   * @returns the grant
   */
  public invokeWithResponseStream(grantee: IGrantable): Grant {
    return this.actions(grantee, ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream']);
  }

  /**
   * Allows a principal some actions on the component and its endpoint.
   *
   * @param grantee the principal
   * @param actions IAM actions, e.g. `sagemaker:DescribeInferenceComponent`
   * @returns the grant
   */
  public actions(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: this.resourceArns });
  }
}

/** The ARNs of a component in a policy. The service answers the ARN of a generated name as it is. */
function componentArns(component: IInferenceComponentRef): readonly string[] {
  const own = componentFacts.of(component);
  const resource = [component, component.node.defaultChild].find(CfnInferenceComponent.isCfnInferenceComponent);
  const name = own ? own.givenName : resource?.inferenceComponentName;
  return arnsInPolicy(component, 'inference-component', component.inferenceComponentRef.inferenceComponentArn, name);
}
