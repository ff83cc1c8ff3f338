import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import * as library from '../../src';
import { FORMS } from '../e2e/apps/forms';
import { Form, SHOP, shopOf } from '../e2e/apps/shop';

/** A form's stack, and what its template has. */
function synthesize(form: Form): { app: App; resources: Record<string, { Type: string; Properties?: any }> } {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true } });
  shopOf(form)(app);
  return { app, resources: Template.fromStack(app.node.findChild(SHOP) as Stack).toJSON().Resources };
}

const synthesized = Object.entries(FORMS).map(([construct, forms]) => ({ construct, forms: Object.values(forms).map(synthesize) }));

/** CloudFormation refuses an update that changes either of them. */
function fixedOf({ Type, Properties }: { Type: string; Properties?: any }): string {
  return Properties?.ServiceToken === undefined ? Type : `${Type}, answered by ${JSON.stringify(Properties.ServiceToken)}`;
}

test.each(synthesized)('$construct: a logical id has one type and one function in all forms', ({ forms }) => {
  const found: Record<string, Set<string>> = {};
  for (const [id, resource] of forms.flatMap(({ resources }) => Object.entries(resources))) { (found[id] ??= new Set()).add(fixedOf(resource)); }
  expect(Object.entries(found).filter(([, fixed]) => fixed.size > 1).map(([id, fixed]) => [id, ...fixed])).toEqual([]);
});

test('every construct of the library is in some form', () => {
  const trees = synthesized.flatMap(({ forms }) => forms.map(({ app }) => app));
  const inForms = new Set<unknown>(trees.flatMap((app) => app.node.findAll().map(({ constructor }) => constructor)));
  const constructs = Object.entries<any>(library).filter(([, exported]) => exported.prototype instanceof Construct);
  expect(constructs.length).toBeGreaterThan(10);
  expect(constructs.filter(([, exported]) => !inForms.has(exported)).map(([name]) => name)).toEqual([]);
});
