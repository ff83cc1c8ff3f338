import { Bytes, Decoder, Encoder, Node, StateClass, Surroundings } from './graph';
import { AutoScalingState } from '../application-autoscaling/state';
import { CloudFormation } from '../cloudformation';
import { CustomResources } from '../cloudformation/custom-resources';
import { Stack } from '../cloudformation/stack';
import { AlarmState } from '../cloudwatch';
import { EventsState } from '../events/state';
import { Iam } from '../iam';
import { Content, Piece } from '../kernel/content';
import { Lambda } from '../lambda';
import { SageMaker, SageMakerState } from '../sagemaker';
import { QuotaState } from '../service-quotas';
import { Execution } from '../step-functions/execution';
import { World } from '../world';

/** A world at rest, as JSON. Bytes are kept beside it. */
export interface WorldState {
  readonly time: number;
  readonly nodes: readonly Node[];
  readonly regions: readonly RegionState[];
}

interface RegionState {
  readonly account: string;
  readonly name: string;
  readonly rooms: ReadonlyArray<NonNullable<Node['entries']>>;
}

/** Objects of these classes are within rooms. */
const CLASSES: Readonly<Record<string, StateClass>> = {
  Stack: { type: Stack },
  CustomResources: { type: CustomResources, without: ['pending', 'signed', 'provider'] },
  Execution: { type: Execution, without: ['interruption', 'whenInterrupted'] },
};

/** The fields of every room that are not its state. */
const OF_EVERY_ROOM = ['operations', 'region', 'world'];

/** The fields of rooms that are not their state: what other rooms register in them, and what the options of a run say. */
const WITHOUT: readonly StateClass[] = [
  { type: Iam, without: ['serviceNeeds', 'resourceTags', 'resourcePolicies'] },
  { type: AlarmState, without: ['actions', 'sources'] },
  { type: QuotaState, without: ['services', 'applied'] },
  { type: Lambda, without: ['runner', 'invocations', 'callers'] },
  { type: EventsState, without: ['targetKinds', 'armed'] },
  { type: SageMaker, without: ['state'] },
  { type: SageMakerState, without: ['benchmarks', 'generative', 'scaling', 'withoutCapacity', 'load'] },
  { type: AutoScalingState, without: ['armed'] },
  { type: CloudFormation, without: ['providerOf', 'holdAnswersMs'] },
];

/** What ends by itself ends within this virtual time: no job, stack, retry or wait of an event lasts as long. */
const LONGEST_MS = 30 * 86_400_000;

/** Lets everything that has begun come to its end, in virtual time, as it would on AWS while nobody looks. */
export async function rest(world: World): Promise<void> {
  const begun = world.clock.now();
  while (await world.clock.step()) {
    if (world.clock.now() > begun + LONGEST_MS) { throw new Error(`${running(world)} still after ${LONGEST_MS / 86_400_000} days of virtual time, so this world cannot be kept: its state stays as it was before`); }
  }
}

/** The state of a world at rest. */
export function stateOf(world: World, bytes: Bytes): WorldState {
  const encoder = new Encoder(surroundings(world), bytes);
  const regions = world.allRegions().map(({ account, name, all }): RegionState => ({
    account, name, rooms: all.map((room) => encoder.fields(room, room.constructor.name, notState(room))),
  }));
  return { time: world.clock.now(), nodes: encoder.nodes, regions };
}

/** Gives a new world the state of an earlier one. */
export async function restore(world: World, { time, nodes, regions }: WorldState, bytes: Bytes): Promise<void> {
  // The first use creates a Region, so all exist before anything leads to them.
  regions.forEach(({ account, name }) => world.region(account, name));
  const decoder = new Decoder(nodes, surroundings(world), bytes);
  for (const { account, name, rooms } of regions) {
    world.region(account, name).all.forEach((room, index) => decoder.fill(room, rooms[index]));
  }
  await world.clock.advance(Math.max(time - world.clock.now(), 0));
  for (const room of new Set(world.allRegions().flatMap(({ all }) => all))) { (room as { resume?(): void }).resume?.(); }
}

/** The content of an object in S3. Its files are of a run, so the next one has files of its own. */
function keptContent(newFile: () => string): NonNullable<StateClass['kept']> {
  return {
    text: ({ md5, pieces, isOwned }: Content, bytes) => JSON.stringify({
      md5, isOwned, pieces: pieces.map((piece) => ({ length: piece.length, ...'file' in piece ? { file: bytes.putFile(piece.file) } : { bytes: bytes.put(piece.bytes) } })),
    }),
    object: (text, bytes) => {
      const { md5, isOwned, pieces } = JSON.parse(text);
      const content = new Content(pieces.map(({ length, file, bytes: kept }: any): Piece => {
        if (file === undefined) { return { length, bytes: bytes.get(kept) }; }
        const path = newFile();
        bytes.getFile(file, path);
        return { length, file: path };
      }), md5);
      content.isOwned = isOwned;
      return content;
    },
  };
}

function notState(room: object): readonly string[] {
  return [...OF_EVERY_ROOM, ...WITHOUT.flatMap(({ type, without = [] }) => (room instanceof type ? without : []))];
}

function surroundings(world: World): Surroundings {
  const regions = world.allRegions().map((region) => [`region ${region.account} ${region.name}`, region] as const);
  return { classes: { ...CLASSES, Content: { type: Content, kept: keptContent(world.newFile) } }, known: new Map<string, object>([['world', world], ['clock', world.clock], ...regions]) };
}

/** What runs, in words. */
function running(world: World): string {
  const executions = world.allRegions().flatMap(({ stepFunctions }) => [...stepFunctions.executions.values()].filter(({ status }) => status === 'RUNNING'));
  return executions.length === 0 ? 'Something runs' : `${executions.slice(0, 3).map(({ arn }) => arn).join(', ')} ${executions.length === 1 ? 'runs' : 'run'}`;
}

