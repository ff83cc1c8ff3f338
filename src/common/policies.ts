import { createHash } from 'crypto';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { policyFor } from './iam';
import { mostCharacters } from './names';

export type Conditions = Record<string, Record<string, string>>;

/**
 * IAM's quotas, less some room. IAM counts the characters of all inline policies of a role together, without white space.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST = { inline: 10_000, managed: 5_900, attached: 10 };

/** The characters of a document without statements, and of a statement without actions and resources. */
const [DOCUMENT, STATEMENT] = [40, 48];

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
  private role?: Role;

  /** Permissions of a role that is made in the scope, or is the scope: then it has the given document, which may hold a third of what fits. */
  constructor(private readonly scope: Construct, given?: PolicyDocument) {
    this.inline = given ?? new PolicyDocument();
    this.own = [sheet(this.inline, given ? MOST.inline * 2 / 3 : MOST.inline)];
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
    const added = statement.copy({ resources });
    this.report(added);
    write(added, this.own.find((one) => fits(added, one)) ?? this.more());
  }

  /**
   * Adds permissions that other resources need as long as they exist: a policy of its own, for which the role does not wait. If the inline policies are
   * full, such permissions share managed policies. A changed one is replaced, and CloudFormation deletes the old one after the resources that needed it.
   */
  public addPolicy(scope: Construct, id: string, statements: readonly PolicyStatement[]): Construct {
    const size = statements.reduce((sum, statement) => sum + sizeOf(statement), DOCUMENT);
    const [inline] = this.own;
    if (!this.isOurs || size <= inline.left) {
      inline.left -= size;
      return policyFor(this.role!, scope, id, statements);
    }
    const found = this.shared.find(({ left }) => size <= left) ?? this.moreShared();
    statements.forEach((statement) => write(statement, found));
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
    const policy = new ManagedPolicy(this.scope, `Policy${this.own.length + 1}`, { document: made.document, description: `More permissions of ${this.scope.node.path}` });
    this.role!.addManagedPolicy(policy);
    this.own.push(made);
    return made;
  }

  private moreShared(): Sheet & { readonly policy: ManagedPolicy } {
    const document = new PolicyDocument();
    const policy = new ManagedPolicy(this.scope, `SharedPolicy${this.shared.length + 1}`, {
      document,
      roles: [this.role!],
      // A change of the description replaces the policy.
      description: Lazy.string({ produce: () => `Permissions ${digest(Stack.of(this.scope).resolve(document))}` }),
    });
    const made = { ...sheet(document, MOST.managed), policy };
    this.shared.push(made);
    return made;
  }

  /** A shared policy is attached twice while it is replaced. */
  private excess(): string[] {
    const count = this.own.length - 1 + 2 * this.shared.length;
    return count <= MOST.attached ? [] : [`Role '${this.role?.node.path}' needs ${count} managed policies during an update, and IAM attaches at most ${MOST.attached}:`
      + ' divide the constructs of this stack between several stacks.'];
  }
}

function sheet(document: PolicyDocument, most: number): Sheet {
  return { document, statements: new Map(), left: most - DOCUMENT };
}

function write(statement: PolicyStatement, to: Sheet): void {
  const [key, known] = [keyOf(statement), to.statements.get(keyOf(statement))];
  to.left -= known ? charactersOf(statement.resources) : sizeOf(statement);
  if (known) {
    known.addResources(...statement.resources);
  } else {
    to.statements.set(key, statement);
    to.document.addStatements(statement);
  }
}

function fits(statement: PolicyStatement, { statements, left }: Sheet): boolean {
  return (statements.has(keyOf(statement)) ? charactersOf(statement.resources) : sizeOf(statement)) <= left;
}

function keyOf({ actions, conditions }: PolicyStatement): string {
  return JSON.stringify([actions, conditions]);
}

/** The most characters of a statement in its document. */
export function sizeOf({ actions, resources, conditions }: PolicyStatement): number {
  return STATEMENT + charactersOf(actions) + charactersOf(resources) + mostCharacters(JSON.stringify(conditions));
}

/** With quotes and a comma. */
function charactersOf(list: readonly string[]): number {
  return list.reduce((sum, text) => sum + mostCharacters(text) + 3, 0);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
