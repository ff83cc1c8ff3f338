import { guid } from './ids';
import { Parameters } from './template/parameters';
import { Template } from './template/template';
import { Region } from '../kernel';

/** A resource of the stack. Each change creates a new object, so that an earlier one can be kept for a rollback. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly attributes: Readonly<Record<string, any>>;
  /** Why it is only recorded, if its type alone does not tell. */
  readonly opaque?: string;
  /** Resolved, as of the last success. */
  readonly properties: Readonly<Record<string, any>>;
  /** Resolved, of an update that began and did not succeed. */
  readonly attempted?: Readonly<Record<string, any>>;
  /** The stack's tags, as of the last attempt. Undefined if there are none, or its type takes none. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly status: string;
  readonly reason?: string;
  readonly timestamp?: Date;
  /** Logical ids of the resources that must exist before it, and are deleted after it. */
  readonly needs: readonly string[];
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
  readonly metadata?: unknown;
}

export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: unknown;
  /** Wall time: clients drop events from before their own start, by their own clocks. */
  readonly timestamp: Date;
  /** Virtual milliseconds since 1970. */
  readonly virtualTime: number;
  readonly token?: string;
  /** The same for all events of one operation. A rollback is its own operation. */
  readonly operation: string;
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentConfig.html (Mode) */
export type DeploymentMode = 'STANDARD' | 'EXPRESS';

/** A deployed definition, or one to deploy. */
export interface Definition {
  readonly body: string;
  readonly template: Template;
  readonly parameters: Parameters;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** The state to which a failed update rolls back. */
export interface Baseline {
  readonly definition: Definition;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: readonly Output[];
  readonly imports: ReadonlySet<string>;
}

/** The record of a stack. The engine's steps change it. */
export class Stack {
  public readonly events: StackEvent[] = [];
  public readonly resources = new Map<string, Resource>();
  public readonly creationTime = wallTime();
  public lastUpdatedTime?: Date;
  public deletionTime?: Date;
  public status = 'REVIEW_IN_PROGRESS';
  public reason?: string;
  public outputs: readonly Output[] = [];
  /** Names of the exports of other stacks that it uses. */
  public imports = new Set<string>();
  public baseline?: Baseline;
  /** Physical resources that a replacement has put aside. A successful update deletes them. */
  public superseded: Resource[] = [];
  /** Physical resources that a rollback has put aside. The end of the rollback deletes them. */
  public newcomers: Resource[] = [];
  /** Logical ids of the resources that the last rollback of an update could not take back. */
  public unrestored: readonly string[] = [];
  public readonly children: Stack[] = [];
  /** The clean-up, if it waits for the parent's. */
  public cleanUp?: () => Promise<void>;
  /** Whether a failure keeps everything as it is, because rollback is disabled. */
  public preserves = false;
  public terminationProtection = false;
  public disableRollback = false;
  /** Of the last operation. */
  public mode: DeploymentMode = 'STANDARD';
  public notificationArns: string[] = [];
  public capabilities: string[] = [];
  public roleArn?: string;
  public token?: string;
  public cancelled?: string;
  /** Settles at the end of the current work. */
  public work: Promise<void> = Promise.resolve();
  /** Number of created resources, so that each gets its own name. */
  public made = 0;
  private operations = 0;

  constructor(
    readonly region: Region, readonly name: string, readonly id: string, public definition: Definition, readonly parent?: Stack,
  ) {
    parent?.children.push(this);
  }

  /**
   * Whether the operation ends before resources are ready. Nested stacks follow their parent:
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html#express-mode-nested-stacks
   */
  public get express(): boolean {
    return this.parent ? this.parent.express : this.mode === 'EXPRESS';
  }

  public get inProgress(): boolean {
    return this.status.endsWith('_IN_PROGRESS') && this.status !== 'REVIEW_IN_PROGRESS';
  }

  public get deleted(): boolean {
    return this.status === 'DELETE_COMPLETE';
  }

  /** Stopped at a failure without rollback: the next operation resumes or rolls back. */
  public get paused(): boolean {
    return this.status === 'CREATE_FAILED' || this.status === 'UPDATE_FAILED';
  }

  /** Whether a physical resource is the stack's current one. */
  public holds({ logicalId, physicalId }: Resource): boolean {
    return this.resources.get(logicalId)?.physicalId === physicalId;
  }

  public setStatus(status: string, reason?: string): void {
    if (/^(CREATE|UPDATE|DELETE|ROLLBACK|UPDATE_ROLLBACK)_IN_PROGRESS$/.test(status)) { this.operations++; }
    this.status = status;
    this.reason = reason;
    this.event({ logicalId: this.name, physicalId: this.id, type: 'AWS::CloudFormation::Stack', status, reason });
  }

  /** Sets a resource's new state and records the event. */
  public put(resource: Resource): Resource {
    const told = { ...resource, timestamp: this.note(resource) };
    this.resources.set(resource.logicalId, told);
    return told;
  }

  /** Records an event of a resource without setting its state, e.g. of one put aside. */
  public note(resource: Resource): Date {
    return this.event({ ...resource, properties: resource.attempted ?? resource.properties });
  }

  private event(event: Pick<StackEvent, 'logicalId' | 'physicalId' | 'type' | 'status' | 'reason' | 'properties'>): Date {
    const { logicalId, physicalId, type, status, reason, properties } = event;
    const timestamp = wallTime();
    this.events.push({
      id: guid(this.id, 'event', this.events.length),
      logicalId,
      physicalId,
      type,
      status,
      reason,
      properties,
      timestamp,
      virtualTime: this.region.clock.now(),
      token: this.token,
      operation: guid(this.id, 'operation', this.operations),
    });
    return timestamp;
  }
}

let last = 0;

/** Wall time that always increases, so that events sort in their order. */
export function wallTime(): Date {
  last = Math.max(Date.now(), last + 1);
  return new Date(last);
}
