import { Need } from '../iam';
import { Context } from '../iam/policy';
import { Region } from '../kernel';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
export function stsNeeds(_region: Region, operation: string, { RoleArn, RoleSessionName, ExternalId }: any, context: Context): Need[] {
  const told = {
    ...RoleSessionName !== undefined && { 'sts:RoleSessionName': `${RoleSessionName}` }, ...ExternalId !== undefined && { 'sts:ExternalId': `${ExternalId}` },
  };
  return [{ action: `sts:${operation}`, resource: `${RoleArn}`, context: { ...context, ...told } }];
}
