import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { endpointArns } from '../common/refs';

/**
 * Grants of an endpoint, of this library, imported, or a `CfnEndpoint`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html
 * @example
 * EndpointGrants.fromEndpoint(endpoint).invoke(new iam.AccountRootPrincipal());
 */
export class EndpointGrants {
  /**
   * The grants of an endpoint.
   *
   * @param endpoint the endpoint, of any library
   */
  public static fromEndpoint(endpoint: IEndpointRef): EndpointGrants {
    return new EndpointGrants(endpoint);
  }

  private constructor(private readonly endpoint: IEndpointRef) {}

  /**
   * Allows a principal some actions on the endpoint.
   *
   * @param grantee the principal
   * @param actions IAM actions, e.g. `sagemaker:DescribeEndpoint`
   * @returns the grant
   */
  public actions(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [...endpointArns(this.endpoint)] });
  }

  /**
   * Allows a principal to invoke the endpoint.
   *
   * @param grantee the principal
   * @returns the grant
   */
  public invoke(grantee: IGrantable): Grant {
    return this.actions(grantee, ['sagemaker:InvokeEndpoint']);
  }

  /**
   * Allows a principal to invoke the endpoint asynchronously. It does not grant access to the request's input in S3.
   *
   * @param grantee the principal
   * @returns the grant
   */
  public invokeAsync(grantee: IGrantable): Grant {
    return this.actions(grantee, ['sagemaker:InvokeEndpointAsync']);
  }

  /**
   * Allows a principal to invoke the endpoint and to read the response as a stream.
   *
   * @param grantee the principal
   * @returns the grant
   */
  public invokeWithResponseStream(grantee: IGrantable): Grant {
    // The operation's own page requires the first action; policies in use also name the second.
    return this.actions(grantee, ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream']);
  }
}
