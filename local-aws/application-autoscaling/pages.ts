import { AwsError } from '../errors';
import { invalid } from '../sagemaker/guard';

const MOST = 50;

/** A page of items that are told apart by their keys. Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html */
export function page(member: string, rows: Array<{ key: string; item: object }>, { MaxResults = MOST, NextToken }: any): Record<string, unknown> {
  if (MaxResults < 1 || MaxResults > MOST) { throw invalid(`MaxResults must be between 1 and ${MOST}, got: ${MaxResults}`); }
  const last = NextToken === undefined ? undefined : Buffer.from(NextToken, 'base64url').toString();
  const from = last === undefined ? 0 : rows.findIndex(({ key }) => key === last) + 1;
  if (last !== undefined && from === 0) { throw new AwsError('InvalidNextTokenException', 'The next token supplied was invalid.'); }
  const to = from + MaxResults;
  return {
    [member]: rows.slice(from, to).map(({ item }) => item),
    ...to < rows.length && { NextToken: Buffer.from(rows[to - 1].key).toString('base64url') },
  };
}
