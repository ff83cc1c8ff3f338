/** Where everything here is deployed. */
export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
export const STACK_ID = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/shop/0a1b2c3d-1111-2222-3333-444455556666`;
