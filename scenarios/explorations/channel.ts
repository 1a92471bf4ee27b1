/** The hardened WebSocket channel while anything may happen to its connection, and afterwards in quiet. */
import { burst, count, each, exploration } from 'shaketable';
import { createChannel, honestSuccess, sends } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const recovered = { kind: 'subject.note', name: 'recovered' } as const;

/** Sends that are made again and again, with a phase of their own. */
const everyMs = 1_700;

export default exploration({
  id: 'explore/channel',
  title: 'The channel claims nothing that is not so, and comes back, whatever happens to its connection',
  faults: { links: { 'agent→server': 'websocket' } },
  stormMs: 60_000,
  quietMs: 60_000,
  async subject(table, storm) {
    const reference = await startReference(table, { withoutTls: true, plainDatabase: true });
    const { channel, send, held } = createChannel(table, reference, {
      // It logs its attempts there; what it does is the same.
      environment: 'development',
      policy: { connectTimeoutMs: 10_000 },
    });
    // One that never came to be open has to be opened again by its owner.
    const open = () => channel.open().catch(() => undefined);
    const weather = storm();
    void open();
    const underWay: Promise<unknown>[] = [];
    for (let number = 1; weather.rages; number += 1) {
      if (channel.state === 'closed') void open();
      underWay.push(send({ type: 'user_message', id: `storm-${number}`, text: 'does this arrive?' }));
      await table.sleep(everyMs);
    }
    await weather.over();
    await Promise.all(underWay);
    if (channel.state === 'closed') void open();
    await table.sleep(45_000);
    table.note(recovered.name, { ...held() });
    for (let number = 1; number <= 3; number += 1)
      await send({ type: 'user_message', id: `quiet-${number}`, text: 'is it well again?' });
    await weather.settled();
  },
  invariants: {
    'honest-claims': honestSuccess,
    'ends-in-time': each('each send has an outcome within its bound', {
      of: sends,
      has: { waitedMs: { atMost: 6_000 } },
      given: sends,
    }),
    'comes-back': each('after most of a minute of quiet, sends are acknowledged', {
      of: { ...sends, id: { matches: '^quiet' } },
      has: { status: 'acknowledged' },
      given: recovered,
    }),
    'one-connection': count('it holds one connection at a time', {
      of: { ...recovered, sockets: { atLeast: 2 } },
      given: recovered,
      atMost: 0,
      unit: 'times',
    }),
    'bounded-waits': count('no wait for another connection is longer than its cap', {
      of: { kind: 'agent.log', event: 'attempt_failed', delayMs: { atLeast: 31_000 } },
      given: recovered,
      atMost: 0,
      unit: 'waits',
    }),
    'no-hammering': burst('it does not connect more than ten times in five seconds', {
      of: { kind: 'connection.open', link: 'agent→server' },
      withinMs: 5_000,
      atMost: 10,
      unit: 'connections',
    }),
  },
  sometimes: {
    'a send that fails': { ...sends, status: 'failed' },
    'a send of which nothing is known': { ...sends, status: 'unknown' },
    'a second connection': { kind: 'connection.open', link: 'agent→server', connection: { atLeast: 2 } },
  },
});
