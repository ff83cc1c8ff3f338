import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const OF_SERVICE = { 'ServiceCode!': 'ServiceCode' };
const OF_QUOTA = { ...OF_SERVICE, 'QuotaCode!': 'QuotaCode' };
const PAGE = { NextToken: 'NextToken', MaxResults: 'MaxResults' };

/** The members that the operations read. */
const MEMBERS: Structures = {
  ListServices: PAGE,
  ListServiceQuotas: { ...OF_SERVICE, ...PAGE, QuotaCode: 'QuotaCode', QuotaAppliedAtLevel: 'Level' },
  GetServiceQuota: OF_QUOTA,
  ListAWSDefaultServiceQuotas: { ...OF_SERVICE, ...PAGE },
  GetAWSDefaultServiceQuota: OF_QUOTA,
};

/** The constraints of Service Quotas' operations. Source: its API model 2019-06-24, as published with botocore 1.43. */
export const SHAPES: ShapeTable = {
  ServiceCode: { type: 'string', min: 1, max: 63, pattern: '[a-zA-Z][a-zA-Z0-9-]{1,63}' },
  QuotaCode: { type: 'string', min: 1, max: 128, pattern: '[a-zA-Z][a-zA-Z0-9-]{1,128}' },
  NextToken: { type: 'string', max: 2048, pattern: '[a-zA-Z0-9/+]*={0,2}' },
  MaxResults: { type: 'integer', min: 1, max: 100 },
  Level: { type: 'string', enum: ['ACCOUNT', 'RESOURCE', 'ALL'] },
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
