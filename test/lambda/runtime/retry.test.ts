import { unlessGone } from '../../../lambda/jobs/gone';
import { Clock } from '../../../lambda/runtime/deps';
import { PAUSE_MS, RETRY_BUDGET_MS, retrying } from '../../../lambda/runtime/retry';
import { sdkError } from '../../faults/faults';

/** A time that passes only where somebody sleeps. */
class Passing implements Clock {
  private ms = 0;
  public now(): number { return this.ms; }
  public left(): number { return 15 * 60_000 - this.ms; }
  public async sleep(ms: number): Promise<void> { this.ms += ms; }
}

class Erase {}
class Look {}

/** A service that deletes what was permitted by its own tags. It loses the answer to the deletion, and then so many looks. */
function service(clock: Clock, lostLooks: number) {
  let [isThere, lost] = [true, 0];
  const api = {
    send: async (command: object) => {
      if (command instanceof Erase) {
        if (!isThere) { throw sdkError('denied', 'Erase'); }
        isThere = false;
        throw sdkError('unanswered', 'Erase');
      }
      if (lost++ < lostLooks) { throw sdkError('unanswered', 'Look'); }
      return isThere ? { name: 'job' } : undefined;
    },
  };
  const client = retrying(api, clock);
  return { client, describer: { describe: (sagemaker: any) => sagemaker.send(new Look()) } };
}

test.each([0, 1, 3])('a deletion without an answer is denied from then on, and the look whether it was one survives %s lost answers', async (lostLooks) => {
  const clock = new Passing();
  const { client, describer } = service(clock, lostLooks);
  await expect(unlessGone(describer, 'job', client, () => client.send(new Erase()))).resolves.toBeUndefined();
  expect(clock.now()).toBeLessThanOrEqual(RETRY_BUDGET_MS);
});

test('a denial is outlasted for most of the budget: IAM tells of a new policy late', async () => {
  const clock = new Passing();
  let denials = Math.floor((RETRY_BUDGET_MS - 20_000) / PAUSE_MS);
  const client = retrying({ send: async (_command: object) => { if (denials-- > 0) { throw sdkError('denied', 'Look'); } return 'known'; } }, clock);
  await expect(client.send(new Look())).resolves.toBe('known');
});
