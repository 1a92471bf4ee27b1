/** Which connections a toxic applies to (checklist 106-108). */
import type { Bench, Pair, ToxicBody } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import { judged } from '../bench/facts.ts';
import { pause } from '../bench/peer.ts';

/** Drops what the server sends, so that no clock is needed to tell where it applies. */
const dropping = (toxicity: number): ToxicBody => ({
  name: 't',
  type: 'timeout',
  attributes: { timeout: 0 },
  toxicity,
});

async function pairs(bench: Bench, count: number, toxicity: number): Promise<Pair[]> {
  const server = await bench.server();
  const port = await bench.proxy(server.port, [dropping(toxicity)]);
  const made: Pair[] = [];
  for (let connection = 0; connection < count; connection += 1) made.push(await bench.pair(port, server));
  return made;
}

/** Sends a byte on each connection, and tells on which ones it was dropped. */
async function dropped(all: readonly Pair[]): Promise<boolean[]> {
  const before = all.map(({ client }) => client.count);
  for (const { server } of all) server.write('x');
  await pause(250);
  return all.map(({ client }, index) => client.count === before[index]);
}

export const toxicity = [
  must(106, 'toxicity 0.5 applies to about half, and to each of them throughout', async (bench) => {
    const all = await pairs(bench, 200, 0.5);
    const first = await dropped(all);
    const second = await dropped(all);
    const affected = first.filter(Boolean).length;
    return {
      '70 to 130 of 200': judged(affected >= 70 && affected <= 130),
      consistent: judged(first.every((value, index) => value === second[index])),
    };
  }),

  must(107, 'toxicity 0 applies to none, 1 to all', async (bench) => {
    const none = await dropped(await pairs(bench, 20, 0));
    await bench.must('DELETE', '/proxies/p');
    const all = await dropped(await pairs(bench, 20, 1));
    return {
      0: judged(`${none.filter(Boolean).length} of 20`),
      1: judged(`${all.filter(Boolean).length} of 20`),
    };
  }),

  quirk(108, 'an empty change, and which open connections it then applies to', async (bench) => {
    const all = await pairs(bench, 40, 0.5);
    const before = await dropped(all);
    await bench.must('PATCH', '/proxies/p/toxics/t', {});
    const after = await dropped(all);
    const same = before.every((value, index) => value === after[index]);
    return { connections: judged(same ? 'the same' : 'others') };
  }),
];
