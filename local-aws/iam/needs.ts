import { Need, ServiceNeeds } from './actions';
import { IamStore } from './store';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagement.html */
export function iamNeeds(iam: IamStore): ServiceNeeds {
  return (_region, operation, input, context) => {
    const { RoleName, PolicyArn, PolicySourceArn, Path = '/', PolicyName, PermissionsBoundary } = input;
    const role = () => iam.roles().find(({ name }) => name === RoleName)?.arn ?? iam.arn(`role${Path}${RoleName}`);
    const resource = RoleName !== undefined ? role() : PolicyArn ?? PolicySourceArn ?? (operation === 'CreatePolicy' ? iam.arn(`policy${Path}${PolicyName}`) : '*');
    const more = {
      ...RoleName !== undefined && PolicyArn !== undefined && { 'iam:PolicyARN': `${PolicyArn}` },
      ...PermissionsBoundary !== undefined && { 'iam:PermissionsBoundary': `${PermissionsBoundary}` },
    };
    return [{ action: `iam:${operation}`, resource: `${resource}`, context: { ...context, ...more } }] satisfies Need[];
  };
}
