import { github, javascript, release, ReleasableCommits, TextFile, YamlFile } from 'projen';
import type { awscdk } from 'projen';

/** What the library's public repository has: workflows, templates, and how to report a vulnerability. */
const SITE = 'https://github.com/cdk-sagemaker-inference-recommender/cdk-sagemaker-inference-recommender';

/** The versions that the library supports. Its release is built with the newest: trusted publishing needs npm 11.5, and the task that bumps the version needs Node.js 22. */
const NODE_VERSIONS = ['20', '22', '24'];
const [NEWEST] = NODE_VERSIONS.slice(-1);

/** What a new version of must be tried by hand: several have to fit each other. */
const BY_HAND = ['@aws-cdk/integ-runner', '@aws-cdk/integ-tests-alpha', 'aws-cdk', 'aws-cdk-lib', 'awslint', 'cdk-nag', 'constructs', 'jsii', 'jsii-rosetta', 'log-update', 'typescript'];

const READ = { contents: github.workflows.JobPermission.READ };

export const REPOSITORY = {
  homepage: `${SITE}#readme`,
  bugsUrl: `${SITE}/issues`,
  github: true,
  githubOptions: {
    mergify: false,
    pullRequestLintOptions: {
      // The version of a release follows from the types of its commits, and a pull request becomes one commit.
      semanticTitleOptions: { types: ['feat', 'fix', 'docs', 'test', 'refactor', 'chore', 'ci'] },
    },
  },
  workflowNodeVersion: NEWEST,
  // A cache that a pull request can write would be read by a release.
  workflowPackageCache: false,
  buildWorkflow: true,
  // A pull request gets no commits from a workflow, so the build needs no permission to write.
  buildWorkflowOptions: { mutableBuild: false, permissions: READ },
  release: true,
  // A release is paid for by those who upgrade, so a person starts it.
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  releasableCommits: ReleasableCommits.everyCommit(),
  releaseEnvironment: 'release',
  // What uploads is a version that somebody has looked at.
  jsiiReleaseVersion: '0.2.1061',
  npmAccess: javascript.NpmAccess.PUBLIC,
  npmTrustedPublishing: true,
  npmProvenance: true,
  depsUpgrade: true,
  depsUpgradeOptions: {
    exclude: BY_HAND,
    workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.WEEKLY, labels: ['dependencies'] },
  },
  pullRequestTemplate: true,
  pullRequestTemplateContents: [
    '## What changes, and why',
    '',
    'Fixes #',
    '',
    '## What users see',
    '',
    'Say what an upgrade does to a stack that is deployed: which resources change, and whether a job starts, because jobs are paid. Write "nothing" if that is so.',
    '',
    '## Checks',
    '',
    '- [ ] `npm ci && npm test` passes.',
    '- [ ] A test fails without this change.',
    '- [ ] `CHANGELOG.md` has a line, if users see the change.',
    '- [ ] New permissions have a `Reason:` beside their statement, and `npm run security-review` has been run.',
  ],
} satisfies Partial<awscdk.AwsCdkConstructLibraryOptions>;

export function addRepositoryFiles(project: awscdk.AwsCdkConstructLibrary): void {
  addNodeVersions(project);
  narrow(project);
  releaseCommand(project);
  issueForms(project);
  new TextFile(project, 'SECURITY.md', { marker: true, lines: SECURITY });
  new TextFile(project, '.github/CODEOWNERS', { lines: [`# ${project.name}: who looks at what grants permissions and at what releases.`, '/.github/ @cdk-sagemaker-inference-recommender/maintainers', '/projenrc/ @cdk-sagemaker-inference-recommender/maintainers'] });
  project.npmignore?.exclude('/SECURITY.md');
}

/** The README's two commands, as `.ci/run` calls them, on each version of Node.js. */
function addNodeVersions(project: awscdk.AwsCdkConstructLibrary): void {
  project.github!.tryFindWorkflow('build')!.addJobs({
    node: {
      name: 'node-${{ matrix.node }}',
      runsOn: ['ubuntu-latest'],
      permissions: READ,
      strategy: { failFast: false, matrix: { domain: { node: NODE_VERSIONS } } },
      steps: [
        { name: 'Checkout', uses: github.ActionRefs.ACTIONS_CHECKOUT, with: { 'persist-credentials': false } },
        { name: 'Setup Node.js', uses: github.ActionRefs.ACTIONS_SETUP_NODE, with: { 'node-version': '${{ matrix.node }}', 'package-manager-cache': false } },
        { name: 'Test', run: 'bash .ci/run' },
      ],
    },
  });
}

/** What projen renders may more than it needs. */
function narrow(project: awscdk.AwsCdkConstructLibrary): void {
  const fileOf = (name: string) => project.github!.tryFindWorkflow(name)!.file!;
  // The release's tag is made by the job `release_github`, after all others: what builds and tests writes nothing.
  fileOf('release').addOverride('jobs.release.permissions.contents', 'read');
  fileOf('pull-request-lint').addOverride('jobs.validate.permissions.pull-requests', 'read');
  // The registry is npm's own: a person who uses another one says so in one place, `.npmrc`.
  const steps = 9;
  fileOf('release').addDeletionOverride(`jobs.release_npm.steps.${steps}.env.NPM_REGISTRY`);
}

/** The command is a package of its own, which the release has packed beside the library's. */
function releaseCommand(project: awscdk.AwsCdkConstructLibrary): void {
  // A release ends with the tree as it began.
  project.tasks.tryFind('unbump')!.exec('git checkout -- cli/package.json');
  project.release!.addJobs({
    release_command: {
      name: 'Publish the command to npm',
      needs: ['release', 'release_npm'],
      runsOn: ['ubuntu-latest'],
      // Trusted publishing: the workflow is known by its identity, and there is no token to steal.
      permissions: { ...READ, idToken: github.workflows.JobPermission.WRITE },
      environment: REPOSITORY.releaseEnvironment,
      if: "needs.release.outputs.tag_exists != 'true' && needs.release.outputs.latest_commit == github.sha && !inputs.dry_run",
      steps: [
        { uses: github.ActionRefs.ACTIONS_SETUP_NODE, with: { 'node-version': NEWEST, 'package-manager-cache': false } },
        { name: 'Download build artifacts', uses: github.ActionRefs.ACTIONS_DOWNLOAD_ARTIFACT, with: { name: 'build-artifact', path: 'dist' } },
        { name: 'Release', run: 'npm publish --provenance --access public ./dist/inference-recommender-*.tgz' },
      ],
    },
  });
}

function issueForms(project: awscdk.AwsCdkConstructLibrary): void {
  const area = (id: string, label: string, description: string, required = true, render?: string) => ({
    type: 'textarea', id, attributes: { label, description, ...render && { render } }, validations: { required },
  });
  const form = (name: string, obj: object) => new YamlFile(project, `.github/ISSUE_TEMPLATE/${name}.yml`, { obj });
  form('bug', {
    name: 'Bug',
    description: 'Something does not do what the documentation says',
    labels: ['bug'],
    body: [
      { type: 'markdown', attributes: { value: 'Report a vulnerability in private: see SECURITY.md. Leave account numbers, model data and signed URLs out of a report.' } },
      area('what', 'What happens, and what did you expect?', 'The message of the failed resource, or what `inference-recommender diagnose STACK` prints.'),
      area('code', 'Code', 'The smallest stack that shows it.', true, 'typescript'),
      area('rehearsal', 'Does it happen in a rehearsal?', '`npx inference-recommender rehearse -- npx cdk deploy` needs no account. What it prints, if it happens there.', false, 'text'),
      area('versions', 'Versions', 'This library, aws-cdk-lib, the CDK CLI, Node.js, and the language of the app.'),
      { type: 'input', id: 'region', attributes: { label: 'Region', description: 'Or: rehearsal.' }, validations: { required: true } },
      { type: 'checkboxes', id: 'paid', attributes: { label: 'Cost', options: [{ label: 'A job was started, and paid, that should not have been.' }] } },
    ],
  });
  form('feature', {
    name: 'Feature',
    description: 'Something that the library should do',
    labels: ['enhancement'],
    body: [
      area('need', 'What do you want to do?', 'The use, rather than the prop.'),
      area('today', 'What do you do today?', 'The code around it, if there is a way around it.', false),
      area('api', 'How would it look in your app?', 'The code that you would like to write.', false, 'typescript'),
    ],
  });
  form('config', {
    blank_issues_enabled: false,
    contact_links: [{ name: 'Vulnerability', url: `${SITE}/security/advisories/new`, about: 'Report it in private.' }],
  });
}

const SECURITY = [
  '# Security',
  '',
  '## Report a vulnerability',
  '',
  `Report it in private, on the page "Report a vulnerability" of this repository: ${SITE}/security/advisories/new. Do not open an issue.`,
  '',
  'Say what an attacker can do, what they need for it (which permission, which input), the version, and how to see it. The local AWS of this repository often shows it without an account.',
  'Leave real account numbers, credentials, signed URLs and model data out.',
  '',
  'A maintainer answers in the report within seven days, and tells you there what is planned. A fix is a release with an advisory, which names you if you like.',
  '',
  '## Supported versions',
  '',
  'The latest version gets fixes. Before 1.0 there are no fixes for earlier versions.',
  '',
  '## What counts',
  '',
  '- A role of this library that may do more than [its page](docs/security-review.md) says, or more than its job needs.',
  '- A secret, a signed URL or a value of an environment variable in a log, a parameter, an event or an output.',
  '- A job, an endpoint or a parameter of somebody else that the library stops, changes or deletes.',
  '- A job that starts, and is paid for, though the documentation says that none does.',
  '- Code in the package that is not built from this repository: each release has a provenance statement, which `npm audit signatures` checks.',
  '',
  'A vulnerability of AWS, of the AWS CDK or of Node.js belongs to their own programs.',
];
