// Takes the place of @aws-sdk/credential-provider-node in the bundles: a function's credentials are in its environment, always.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
