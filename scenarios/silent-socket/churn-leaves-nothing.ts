/** R4.4: connections that come and go, and what each of them leaves behind. */
import { followed, type Matcher, ownWorlds, scenario, statistic, type Table, toxic } from 'shaketable';
import { createChannel, type TableChannel } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const cycles = 8;
const resets = { kind: 'fault.strike', fault: 'resets' } satisfies Matcher;
const samples = { kind: 'process.sample' } satisfies Matcher;

/** What the channel holds: its sockets and waits, and the connections that the wire shows as open. */
function sample(table: Table, { held }: TableChannel, moment: string): void {
  const link = 'agent→server';
  const opened = table.count({ kind: 'connection.open', link });
  const connections = opened - table.count({ kind: 'connection.close', link });
  table.record('process', 'process.sample', { moment, ...held(), connections });
}

scenario({
  id: 'silent-socket/churn-leaves-nothing',
  title: 'Connections that break and are made again leave nothing behind',
  requirements: ['R4.4'],
  except: {
    simulated:
      'the message is on its way when the reset comes, and so the naive channel makes one socket more and not two',
  },
  worlds: [...ownWorlds, 'external'],
  story:
    'Something on the path resets each connection 2 s after it fell idle. The channel sends right after each reset and ' +
    'comes back, eight times, and is closed at the end. As reported, errors accumulated resources: a new socket for ' +
    'each error, and nobody let go of the old ones.',
  faults: {
    resets: {
      fault: toxic({ type: 'reset_idle', attributes: { after: 2_000 } }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const subject = createChannel(table, reference, { environment: 'development' });
    sample(table, subject, 'start');
    await subject.channel.open();
    await table.inject('resets');
    for (let cycle = 1; cycle <= cycles; cycle += 1) {
      await table.until(resets, { nth: cycle, withinMs: 30_000 });
      const message = { type: 'user_message', id: `cycle-${cycle}`, text: 'once more' };
      await subject.send(message, { idempotent: true, timeoutMs: 20_000 });
      sample(table, subject, 'churn');
    }
    await table.lift('resets');
    await subject.channel.close();
    await table.sleep(6_000);
    sample(table, subject, 'end');
  },
  checks: {
    'comes-back': followed('the channel comes back after each reset', {
      each: resets,
      by: { kind: 'server.log', event: 'ws_open' },
    }),
    'one-socket': statistic('the channel never holds more than one socket', {
      of: samples,
      field: 'sockets',
      take: 'max',
      atMost: 1,
      fewest: cycles,
      unit: 'sockets',
    }),
    'few-timers': statistic('waits on the clock do not add up while connections come and go', {
      of: { ...samples, moment: 'churn' },
      field: 'timers',
      take: 'growth',
      atMost: 1,
      fewest: cycles,
      unit: 'timers',
    }),
    'no-timers': statistic('after closing, no wait on the clock is left', {
      of: samples,
      field: 'timers',
      take: 'growth',
      atMost: 0,
      fewest: cycles,
      unit: 'timers',
    }),
    'no-connections': statistic('after closing, the wire shows no connection that is still open', {
      of: samples,
      field: 'connections',
      take: 'growth',
      atMost: 0,
      fewest: cycles,
      unit: 'connections',
    }),
  },
  reported: ['one-socket', 'no-timers'],
});
