import { IRole, ManagedPolicy, Policy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { AspectPriority, Aspects, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Facts } from './facts';
import { ours } from './iam';
import { mostCharacters } from './names';
import { warn } from './warn';
import { digest } from '../contract/job-name';

export type Conditions = Record<string, Record<string, string | string[]>>;

/**
 * IAM's quotas, less some room. IAM counts the characters of all inline policies of a role together, without white space.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST = { inline: 10_200, managed: 6_100, attached: 10 };

/** Of the inline policies: the role's own document, and the policies beside it, which an update replaces. Until the clean-up, there are both. */
const BESIDE = 3_000;
const OWN = MOST.inline - 2 * BESIDE;

/** The characters of a document without statements, of a statement without actions and resources, and of the name of its condition. */
const [DOCUMENT, STATEMENT, CONDITION] = [40, 45, 13];

/** A document and the room that is left in it. Statements of the same actions and conditions are one. */
interface Sheet {
  readonly document: PolicyDocument;
  readonly statements: Map<string, PolicyStatement>;
  left: number;
}

/**
 * The permissions of a role that this library makes, which grow with the stack: inline as far as they fit, then in managed policies.
 * The sizes are estimated from above, because most ARNs are known only at deploy.
 */
export class RolePolicies {
  /** The first document, which is inline in the role. What waits for the role waits for this document and its managed policies, too. */
  public readonly inline: PolicyDocument;
  private readonly own: [Sheet, ...Sheet[]];
  private readonly shared: Array<Sheet & { readonly policy: ManagedPolicy }> = [];
  private readonly known = new Set<string>();
  private beside = BESIDE;
  private role?: Role;

  /** Permissions of a role that is made in the scope, or is the scope: then it has the given document, which may hold half of what fits. */
  constructor(private readonly scope: Construct, given?: PolicyDocument) {
    this.inline = given ?? new PolicyDocument();
    this.own = [sheet(this.inline, given ? MOST.inline / 2 : OWN)];
    if (scope instanceof Role) { this.role = scope; }
    scope.node.addValidation({ validate: () => this.excess() });
  }

  /** The role must have the inline document. */
  public attachTo(role: Role): void {
    this.role = role;
  }

  /** Adds the statement, or its resources to the statement of the same actions and conditions. */
  public add(statement: PolicyStatement): void {
    const key = keyOf(statement);
    const resources = statement.resources.filter((resource) => !this.known.has(key + resource));
    if (resources.length === 0) { return; }
    resources.forEach((resource) => this.known.add(key + resource));
    const added = resources.length === statement.resources.length ? statement : statement.copy({ resources });
    this.report(added);
    write(added, this.own.find((one) => fits(added, one, key)) ?? this.more(), key);
  }

  /**
   * Adds permissions that other resources need as long as they exist: a policy of its own, for which the role does not wait. If the inline policies are
   * full, such permissions share managed policies. A changed one is replaced, and CloudFormation deletes the old one after the resources that needed it.
   */
  public addPolicy(scope: Construct, id: string, statements: readonly PolicyStatement[]): Construct {
    const size = statements.reduce((sum, statement) => sum + sizeOf(statement), DOCUMENT);
    if (!this.isOurs || size <= this.beside) {
      this.beside -= size;
      return policyFor(this.role!, scope, id, statements);
    }
    const sizeIn = (one: Sheet) => statements.reduce((sum, statement) => sum + sharedSize(statement, one), 0);
    const found = this.shared.find((one) => sizeIn(one) <= one.left) ?? this.moreShared();
    statements.forEach((statement) => share(statement, found));
    return found.policy;
  }

  /** Whether the role is made here: a role that the app brings (`Role.customizeRoles`) has no policies, but its report lists what it needs. */
  private get isOurs(): boolean {
    return this.role?.node.defaultChild !== undefined;
  }

  private report(statement: PolicyStatement): void {
    if (this.role && !this.isOurs) { this.role.addToPrincipalPolicy(statement); }
  }

  private more(): Sheet {
    if (this.role && !this.isOurs) { return this.own[0]; }
    const made = sheet(new PolicyDocument(), MOST.managed);
    const policy = ours(new ManagedPolicy(this.scope, `Policy${this.own.length + 1}`, {
      document: made.document, description: `More permissions of ${this.scope.node.path}`,
    }));
    this.role!.addManagedPolicy(policy);
    this.own.push(made);
    return made;
  }

  private moreShared(): Sheet & { readonly policy: ManagedPolicy } {
    const document = new PolicyDocument();
    const policy = ours(new ManagedPolicy(this.scope, `SharedPolicy${this.shared.length + 1}`, {
      document,
      roles: [this.role!],
      // A change of the description replaces the policy.
      description: Lazy.string({ produce: () => `Permissions ${digest(JSON.stringify(Stack.of(this.scope).resolve(document)), 16)}` }),
    }));
    const made = { ...sheet(document, MOST.managed), policy };
    this.shared.push(made);
    return made;
  }

  private excess(): string[] {
    const [own, shared] = [this.own.length - 1, this.shared.length];
    const name = `Role '${this.role?.node.path}' needs`;
    if (own + shared > MOST.attached) {
      return [`${name} ${own + shared} managed policies, and IAM attaches at most ${MOST.attached}: divide the constructs of this stack between several stacks.`];
    }
    // A changed shared policy is attached beside the old one until the clean-up.
    if (own + 2 * shared > MOST.attached) {
      warn(this.scope, 'ManagedPolicies', `${name} up to ${own + 2 * shared} managed policies while an update replaces some, and IAM attaches at most`
        + ` ${MOST.attached} by default: divide the constructs of this stack between several stacks, or have the quota increased.`);
    }
    return [];
  }
}

/** A separate policy of a role. */
function policyFor(role: IRole, scope: Construct, id: string, statements: readonly PolicyStatement[]): Policy {
  // The policy gets its document first: the report of a role that the app brings shows only the statements of that moment.
  return ours(new Policy(scope, id, { document: new PolicyDocument({ statements: [...statements] }), roles: [role] }));
}

/** What is permitted to a role in policies of its own. */
const PERMITTED = new Facts<Role, Array<{ readonly id: string; readonly statements: readonly PolicyStatement[] }>>();

/**
 * Allows statements that are known when the role is created, in a separate policy. The CDK splits only what is granted to a role later, so these
 * statements become managed policies if they do not fit beside the rest.
 */
export function permit(role: IRole, id: string, statements: readonly PolicyStatement[]): void {
  policyFor(role, role, id, statements);
  if (!(role instanceof Role) || !role.node.defaultChild) { return; }
  const known = PERMITTED.of(role) ?? [];
  if (known.length === 0) {
    // Before the CDK's own aspect, which looks at the grants alone.
    Aspects.of(role).add({ visit: (node) => { if (node === role) { makeRoom(role, known); } } }, { priority: AspectPriority.MUTATING - 1 });
    PERMITTED.keep(role, known);
  }
  known.push({ id, statements });
}

function makeRoom(role: Role, permitted: NonNullable<ReturnType<typeof PERMITTED.of>>): void {
  const granted = (role.node.tryFindChild('DefaultPolicy') as Policy | undefined)?.document.toJSON();
  const size = permitted.flatMap(({ statements }) => statements).reduce((sum, statement) => sum + sizeOf(statement), DOCUMENT * permitted.length);
  // A policy that is replaced exists twice for a while.
  if (2 * size + charactersIn(granted) <= MOST.inline) { return; }
  for (const { id, statements } of permitted) {
    role.node.tryRemoveChild(id);
    const sheets: Sheet[] = [];
    for (const statement of statements) {
      let found = sheets.find((one) => fits(statement, one));
      if (!found) { sheets.push(found = sheet(new PolicyDocument(), MOST.managed)); }
      write(statement.copy(), found);
    }
    sheets.forEach(({ document }, index) => new ManagedPolicy(role, `${id}Managed${index + 1}`, { document, roles: [role] }));
  }
}

function charactersIn(value: unknown): number {
  if (typeof value === 'string') { return mostCharacters(value) + 3; }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).reduce((sum, [name, part]) => sum + (Array.isArray(value) ? 0 : name.length + 3) + charactersIn(part), 3) : 0;
}

function sheet(document: PolicyDocument, most: number): Sheet {
  return { document, statements: new Map(), left: most - DOCUMENT };
}

function write(statement: PolicyStatement, to: Sheet, key = keyOf(statement)): void {
  const known = to.statements.get(key);
  to.left -= known ? charactersOf(statement.resources) : sizeOf(statement);
  if (known) {
    known.addResources(...statement.resources);
  } else {
    to.statements.set(key, statement);
    to.document.addStatements(statement);
  }
}

/** Adds a statement to a shared policy. Statements that differ only in the values of which a request must have one are one. */
function share(statement: PolicyStatement, to: Sheet): void {
  const { name, values } = anyValueOf(statement);
  const known = to.statements.get(sharedKeyOf(statement));
  if (!known || name === undefined) {
    write(statement, to, sharedKeyOf(statement));
    return;
  }
  to.left -= charactersOf(values);
  known.addCondition(ANY_VALUE, { [name]: [...anyValueOf(known).values, ...values] });
}

/** The most characters that a statement adds to a shared policy. */
function sharedSize(statement: PolicyStatement, { statements }: Sheet): number {
  if (!statements.has(sharedKeyOf(statement))) { return sizeOf(statement); }
  const { name, values } = anyValueOf(statement);
  return charactersOf(name === undefined ? statement.resources : values);
}

function sharedKeyOf(statement: PolicyStatement): string {
  const { name } = anyValueOf(statement);
  return name === undefined ? keyOf(statement) : JSON.stringify([statement.actions, statement.resources, name]);
}

const ANY_VALUE = 'ForAnyValue:StringLike';

/** The name and the values of a statement's condition, if there is no other. */
function anyValueOf({ conditions }: PolicyStatement): { readonly name?: string; readonly values: readonly string[] } {
  const [[name, value] = [], ...others] = Object.entries<string | readonly string[]>(conditions[ANY_VALUE] ?? {});
  return value === undefined || others.length > 0 || Object.keys(conditions).length > 1 ? { values: [] } : { name, values: [value].flat() };
}

function fits(statement: PolicyStatement, { statements, left }: Sheet, key = keyOf(statement)): boolean {
  return (statements.has(key) ? charactersOf(statement.resources) : sizeOf(statement)) <= left;
}

function keyOf({ actions, conditions }: PolicyStatement): string {
  return JSON.stringify([actions, conditions]);
}

/** The most characters of a statement in its document. */
function sizeOf({ actions, resources, conditions }: PolicyStatement): number {
  const isConditional = Object.keys(conditions).length > 0;
  return STATEMENT + charactersOf(actions) + charactersOf(resources) + (isConditional ? CONDITION + mostCharacters(JSON.stringify(conditions)) : 0);
}

/** With quotes and a comma. */
function charactersOf(list: readonly string[]): number {
  return list.reduce((sum, text) => sum + mostCharacters(text) + 3, 0);
}
