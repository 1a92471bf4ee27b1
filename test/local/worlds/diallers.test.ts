/** Who dials: several agents on a link meet the same faults, whatever order the machine brings their connections in. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { toxic } from '../../../harness/faults/toxic.ts';
import type { Entry } from '../../../harness/journal/entry.ts';
import { startLocalTable } from '../../../harness/worlds/local/table.ts';
import type { Table } from '../../../harness/worlds/table.ts';
import { type Random, seededRandom } from '../../../proxy/core/random.ts';

const agents = ['a', 'b', 'c'];
const dialsOfEach = 8;

const onLink = (fault: ReturnType<typeof toxic>) => ({ fault, link: 'agent→server' });
const faults = {
  third: onLink(toxic({ type: 'refuse_connection', only: { nth: [3] } })),
  some: onLink(toxic({ type: 'refuse_connection', only: { share: 0.4 } })),
  odd: onLink(toxic({ type: 'cut', attributes: { bytes: 0 }, only: { every: 4 } })),
};

async function closed(socket: ReturnType<Table['dial']>): Promise<void> {
  const over = Promise.withResolvers<void>();
  socket
    .once('close', () => over.resolve())
    .on('error', () => {})
    .resume();
  await over.promise;
}

/** Plays the agents, each with its own dials in order and those of all shuffled; gives the entries. */
async function play(order: Random): Promise<readonly Entry[]> {
  await using server = createServer((socket) => void socket.on('error', () => {}).end('x')).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const { table, journal, close } = await startLocalTable({
    scenario: 'mine/fleet',
    subject: 'naive',
    seed: 7,
    pace: 1,
    faults,
    database: () => Promise.reject(new Error('There is none')),
  });
  try {
    const { port } = server.address() as AddressInfo;
    const link = await table.link('agent→server', { host: '127.0.0.1', port });
    const left = agents.flatMap((as) => Array.from({ length: dialsOfEach }, () => as));
    while (left.length > 0) {
      const [as] = left.splice(Math.floor(order.next() * left.length), 1);
      if (as !== undefined) await closed(table.dial({ host: 'server.shaketable.test', port: link.port, as }));
    }
  } finally {
    await close();
  }
  return journal.seal();
}

/** For each agent, connection by connection, which faults struck it. */
function strikesByAgent(entries: readonly Entry[]): Record<string, string[]> {
  const strikes = entries.filter((entry) => entry.kind === 'fault.strike');
  const opens = entries.filter((entry) => entry.kind === 'connection.open');
  const struck = (connection: number): string =>
    strikes
      .filter((strike) => strike.connection === connection)
      .map(({ fault }) => fault)
      .join();
  const of = (agent: string): string[] =>
    opens.filter(({ dialler }) => dialler === agent).map(({ connection }) => struck(connection));
  return Object.fromEntries(agents.map((agent) => [agent, of(agent)]));
}

it('strikes the same connections of each agent in every repetition with one seed', async () => {
  const orders = Array.from({ length: 15 }, (_, repetition) => seededRandom(repetition));
  const first = strikesByAgent(await play(seededRandom('first')));

  for (const order of orders) expect(strikesByAgent(await play(order))).toEqual(first);

  for (const agent of agents) {
    expect(first[agent]).toHaveLength(dialsOfEach);
    expect(first[agent]?.[2]).toBe('third');
  }
  expect(new Set(Object.values(first).map(String)).size, 'agents draw for themselves').toBe(agents.length);
});

it('tells a program of its own by the address that it dials from', async () => {
  const { table, journal, close } = await startLocalTable({
    scenario: 'mine/programs',
    subject: 'naive',
    seed: 7,
    pace: 1,
    faults: {},
    database: () => Promise.reject(new Error('There is none')),
  });
  await using server = createServer((socket) => void socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await table.link('agent→server', {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
  });
  const { host, port } = link;

  await closed(connect({ host, port, localAddress: table.addressOf('program') }));
  await closed(connect({ host, port }));
  await close();

  const opens = journal.seal().filter((entry) => entry.kind === 'connection.open');
  expect(opens.map(({ dialler }) => dialler)).toEqual(['program', undefined]);
  expect(table.addressOf('program')).toBe(table.addressOf('program'));
  expect(table.addressOf('another')).not.toBe(table.addressOf('program'));
});
