/**
 * The rooms of each tree, from the lowest floor up. A room imports only from floors below its own.
 * Rooms on one floor do not import each other. `*` means all folders that are not named.
 */
const FLOORS = {
  'src': [
    ['service'],
    ['contract'],
    ['common'],
    ['model-package', 'runtime'],
    ['recommendation'],
    ['jobs'],
    ['hosting'],
    ['patterns'],
    ['index.ts'],
  ],
  'lambda': [
    ['runtime'],
    ['jobs'],
    // The functions.
    ['*'],
    ['bundle.ts'],
  ],
  'local-aws': [
    ['kernel'],
    ['iam'],
    ['cloudwatch', 'logs', 's3', 'service-quotas', 'ssm', 'stand-ins'],
    ['sts'],
    ['lambda'],
    ['events'],
    ['sagemaker'],
    ['application-autoscaling', 'pricing', 'step-functions'],
    ['cloudformation'],
    ['world.ts'],
    ['chosen.ts', 'summary-jobs.ts'],
    ['summary.ts'],
    ['summary-text.ts'],
    ['wire', 'scenarios.ts', 'state'],
    ['server.ts'],
    ['index.ts', 'lifetime.ts'],
    ['arguments.ts', 'environment.ts', 'flags.ts', 'serve.ts'],
    ['command.ts'],
    ['main.ts'],
  ],
  'cli/src': [
    ['terminal'],
    ['account'],
    ['subject'],
    // The verbs.
    ['*'],
    ['demo.ts', 'readers.ts'],
    ['main.ts'],
  ],
};

/** What a tree may import of another one. */
const ACROSS = {
  'src': {},
  'lambda': { src: ['service', 'contract'] },
  'local-aws': { src: ['service'] },
  // The verbs rank and read as the functions do, and rehearse with the local AWS.
  'cli/src': {
    'src': ['service', 'contract'],
    'lambda': ['recommend', 'jobs', 'runtime'],
    'local-aws': ['arguments.ts', 'command.ts', 'flags.ts', 'index.ts', 'lifetime.ts', 'serve.ts'],
  },
};

/** What none of the trees imports, but for the demo, which is a verb of the command. */
const OUTSIDE = ['test', 'bench', 'demo', 'examples'];
const EXCEPT = { 'cli/src': ['demo'] };

const { existsSync, readdirSync } = require('fs');

/** The rooms that a tree has: its files of TypeScript, and its folders that hold some. An empty folder is what a checkout leaves of a moved one. */
function roomsOf(tree) {
  const files = existsSync(tree) ? readdirSync(tree, { recursive: true }) : [];
  return [...new Set(files.map(String).filter((file) => file.endsWith('.ts')).map((file) => file.split(/[\\/]/)[0]))];
}

/** The floors of a tree with `*` replaced; a room on no floor is an error. */
function floorsOf(tree) {
  const named = FLOORS[tree].flat();
  const others = roomsOf(tree).filter((room) => !named.includes(room));
  const stray = others.find((room) => !named.includes('*') || room.endsWith('.ts'));
  if (stray) { throw new Error(`${tree}/${stray} has no floor: add it to FLOORS in .dependency-cruiser.cjs`); }
  return FLOORS[tree].map((floor) => floor.flatMap((room) => (room === '*' ? others : [room])));
}

function pathOf(tree, room) {
  return `^${tree}/${room.replace('.', '\\.')}${room.endsWith('.ts') ? '$' : '/'}`;
}

function forbid(name, from, to) {
  return { name, severity: 'error', from: { path: from }, to: { path: to } };
}

function withinTree(tree) {
  const floors = floorsOf(tree);
  return floors.flatMap((floor, height) => floor.flatMap((room) => [
    ...floors.slice(height + 1).flat().map((upper) => [upper, `${upper} is above ${room}`]),
    ...floor.filter((other) => other !== room).map((other) => [other, `${other} is beside ${room}`]),
  ].map(([other, why]) => forbid(`${tree}: ${why}: ${room} must not import ${other}`, pathOf(tree, room), pathOf(tree, other)))));
}

function acrossTrees(tree) {
  const others = Object.keys(FLOORS).filter((other) => other !== tree);
  return others.flatMap((other) => floorsOf(other).flat().filter((room) => !ACROSS[tree][other]?.includes(room))
    .map((room) => forbid(`${tree} must not import ${other}/${room}`, `^${tree}/`, pathOf(other, room))));
}

const trees = Object.keys(FLOORS);

module.exports = {
  forbidden: [
    ...trees.flatMap((tree) => [
      { name: `${tree}: no circles`, severity: 'error', from: { path: `^${tree}/` }, to: { circular: true } },
      ...withinTree(tree),
      ...acrossTrees(tree),
      ...OUTSIDE.filter((folder) => !EXCEPT[tree]?.includes(folder)).map((folder) => forbid(`${tree} must not import ${folder}`, `^${tree}/`, `^${folder}/`)),
    ]),
  ],
  options: {
    // Types count as much as values.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
