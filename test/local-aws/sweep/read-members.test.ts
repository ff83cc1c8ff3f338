import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { OPERATIONS as CLOUDFORMATION, SHAPES as CLOUDFORMATION_SHAPES } from '../../../local-aws/cloudformation/shapes';
import { OPERATIONS as EVENTS, SHAPES as EVENTS_SHAPES } from '../../../local-aws/events/shapes';
import { OPERATIONS as IAM, SHAPES as IAM_SHAPES } from '../../../local-aws/iam/shapes';
import { OPERATIONS as LOGS, SHAPES as LOGS_SHAPES } from '../../../local-aws/logs/shapes';
import { OPERATIONS as PRICING, SHAPES as PRICING_SHAPES } from '../../../local-aws/pricing/shapes';
import { OPERATIONS as QUOTAS, SHAPES as QUOTAS_SHAPES } from '../../../local-aws/service-quotas/shapes';
import { OPERATIONS as SSM, SHAPES as SSM_SHAPES } from '../../../local-aws/ssm/shapes';
import { OPERATIONS as STATES, SHAPES as STATES_SHAPES } from '../../../local-aws/step-functions/shapes';
import { OPERATIONS as STS, SHAPES as STS_SHAPES } from '../../../local-aws/sts/shapes';

const ROOMS = {
  'cloudformation': [CLOUDFORMATION, CLOUDFORMATION_SHAPES],
  'events': [EVENTS, EVENTS_SHAPES],
  'iam': [IAM, IAM_SHAPES],
  'logs': [LOGS, LOGS_SHAPES],
  'pricing': [PRICING, PRICING_SHAPES],
  'service-quotas': [QUOTAS, QUOTAS_SHAPES],
  'ssm': [SSM, SSM_SHAPES],
  'step-functions': [STATES, STATES_SHAPES],
  'sts': [STS, STS_SHAPES],
} as const;

/** Members that a request may have and that mean nothing here, each with the reason. */
const IDLE: Readonly<Record<string, readonly string[]>> = {
  // No key is kept here, so there is nothing to decrypt.
  ssm: ['WithDecryption'],
  // The CLI's bootstrap asks for it. Whatever no stack has made here cannot be imported.
  cloudformation: ['ImportExistingResources'],
  // The operator of a condition says how its values compare.
  iam: ['ContextKeyType'],
  // X-Ray is not here, and no rule is managed by a service.
  events: ['TraceHeader', 'Force'],
};

/** The code of a room, and of what is below it and reads requests for it, without its shapes. */
function code(room: string): string {
  const folder = join(__dirname, '..', '..', '..', 'local-aws', room);
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts') && !file.endsWith('shapes.ts'));
  const kernel = readFileSync(join(folder, '..', 'kernel', 'listing.ts'), 'utf8');
  return [...files.map((file) => readFileSync(join(folder, file), 'utf8')), kernel].join('\n').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
}

test.each(Object.keys(ROOMS) as Array<keyof typeof ROOMS>)('every member that %s takes is read by its code: another one is refused by name', (room) => {
  const [operations, shapes] = ROOMS[room];
  const text = code(room);
  const unread = Object.values(operations).flatMap(({ input }) => Object.keys(shapes[input].members ?? {}).map((member) => `${input}.${member}`))
    .filter((name) => !new RegExp(`\\b${name.split('.')[1]}\\b`).test(text));
  expect(unread.filter((name) => !IDLE[room]?.includes(name.split('.')[1]))).toEqual([]);
});
