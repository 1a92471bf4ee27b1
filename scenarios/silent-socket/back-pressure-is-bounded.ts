/** R4.5, field issue F4: the peer stops reading while the application goes on sending. */
import { count, each, honestClaims, ownWorlds, scenario, statistic, toxic } from 'shaketable';
import { closedChannels, createChannel, honestCounts, received, sends } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const messages = 400;
const text = 'x'.repeat(60_000);
const capBytes = 1_048_576;

const sendsIntoTheStall = { ...sends, id: { matches: '^stalled' } };

scenario({
  id: 'silent-socket/back-pressure-is-bounded',
  title: 'A peer that stops reading does not make the channel hoard messages',
  requirements: ['R4.5'],
  worlds: [...ownWorlds, 'external'],
  story:
    'The server stops reading, and the application sends 400 messages of 60 kB. As reported, each of them counted as ' +
    'done: what the network does not take stays in memory. Then the server reads again, and gets six more at once.',
  fastPace: 5,
  faults: {
    'no reader': {
      fault: toxic({ type: 'stall', stream: 'upstream' }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const { channel, send } = createChannel(table, reference, { environment: 'development' });
    const sampleBuffer = () => {
      const { bufferedBytes, pending } = channel.stats();
      table.record('process', 'process.sample', { bufferedBytes, pending });
    };
    await channel.open();
    await send({ type: 'user_message', id: 'before', text: 'are you reading?' });
    await table.inject('no reader');
    const stalled = Array.from({ length: messages }, (_, index) =>
      send({ type: 'user_message', id: `stalled-${index + 1}`, text }),
    );
    sampleBuffer();
    await table.sleep(3_000);
    sampleBuffer();
    await Promise.all(stalled);
    await table.lift('no reader');
    // More than the socket takes at a time: what waits goes on by itself when there is room.
    const after = Array.from({ length: 6 }, (_, index) =>
      send({ type: 'user_message', id: `after-${index + 1}`, text }, { timeoutMs: 30_000 }),
    );
    await table.until({ ...received, id: 'after-6' }, { withinMs: 30_000 });
    await Promise.all(after);
    sampleBuffer();
  },
  checks: {
    'buffer-bounded': statistic(
      'what waits in memory stays within the cap of 1 MiB, give or take what is on its way',
      {
        of: { kind: 'process.sample' },
        field: 'bufferedBytes',
        take: 'max',
        atMost: 1.25 * capBytes,
        unit: 'bytes',
      },
    ),
    'gives-back': statistic('when every message has its outcome, nothing is held for it any more', {
      of: { kind: 'process.sample' },
      field: 'bufferedBytes',
      take: 'last',
      atMost: 0,
      unit: 'bytes',
    }),
    ...honestCounts,
    'peak-is-told': statistic('the channel knows the most that it held', {
      of: closedChannels,
      field: 'peakBufferedBytes',
      take: 'max',
      atLeast: 0.9 * capBytes,
      atMost: 1.25 * capBytes,
      unit: 'bytes',
    }),
    'failures-are-told': count('the log tells of messages that were not acknowledged', {
      of: { kind: 'agent.log', event: 'ws_send_failed' },
      given: sendsIntoTheStall,
      atLeast: 1,
      unit: 'records',
    }),
    'beyond-the-cap': count('sends beyond the cap are refused explicitly', {
      of: { ...sendsIntoTheStall, status: 'failed', reason: 'buffer_full' },
      given: sendsIntoTheStall,
      atLeast: messages - Math.ceil(capBytes / text.length),
    }),
    'explicit-outcome': each('no send into the stall counts as done', {
      of: sendsIntoTheStall,
      has: { status: { anyOf: ['failed', 'unknown'] } },
      given: sends,
    }),
    'settles-in-time': statistic(
      'each outcome is known within the bound of a send, 5 s, and a message has that time',
      {
        of: sendsIntoTheStall,
        field: 'waitedMs',
        take: 'max',
        atLeast: 4_500,
        atMost: 15_000,
        fewest: messages,
        unit: 'ms',
      },
    ),
    'honest-success': honestClaims('what was refused was never received, and what was acknowledged was', {
      claims: { ...sends, status: 'acknowledged' },
      denials: { ...sends, status: 'failed' },
      received,
      key: 'id',
      given: sends,
    }),
    recovers: each('messages go through again when the peer reads again', {
      of: { ...sends, id: { matches: '^after' } },
      has: { status: 'acknowledged' },
      given: { kind: 'fault.lifted', fault: 'no reader' },
    }),
  },
  reported: ['buffer-bounded', 'beyond-the-cap', 'explicit-outcome'],
});
