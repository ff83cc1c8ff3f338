import { HELP, helpOf, USAGES } from '../../../cli/src/terminal/usages';

test.each(Object.keys(USAGES) as Array<keyof typeof USAGES>)('the help of %s explains each option of its usage, and none of another verb', (verb) => {
  const optionsIn = (text: string) => [...new Set(text.match(/--[a-z-]*[a-z]/g))].sort();
  const [usage, ...blocks] = helpOf(verb).split('\n\n').slice(0, -1);
  expect(usage).toBe(USAGES[verb]);
  expect(optionsIn(blocks.join('\n'))).toEqual(optionsIn(usage));
});

test('the help of all verbs has the usage of each', () => {
  for (const verb of Object.keys(USAGES)) { expect(HELP).toContain(`inference-recommender ${verb} `); }
});
