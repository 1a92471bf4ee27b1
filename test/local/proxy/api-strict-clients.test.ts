/** Clients that fail on a type of toxic that they do not know: those of Java, .NET and Rust. */
import { expect, it } from 'vitest';
import { toxicTypes, toxiproxyTypeNames } from '../../../proxy/index.ts';
import { Rig } from './rig.ts';

const known = ['bandwidth', 'latency', 'limit_data', 'reset_peer', 'slicer', 'slow_close', 'timeout'];

/** As a strict client reads it. */
function assertReadable(toxic: Record<string, unknown>): void {
  expect(Object.keys(toxic).toSorted()).toEqual(['attributes', 'name', 'stream', 'toxicity', 'type']);
  expect(known).toContain(toxic.type);
  expect(['upstream', 'downstream']).toContain(toxic.stream);
  expect(Object.values(toxic.attributes as object).every(Number.isInteger)).toBe(true);
}

it('lists every type of toxic as one that they know, by its name, which they can remove', async () => {
  await using rig = await Rig.start({ strictClients: true });
  await rig.proxy(1);
  const names: string[] = [];
  for (const type of toxicTypes.keys()) {
    for (const stream of ['upstream', 'downstream', 'both']) {
      const { status, json } = await rig.addToxic({ type, stream, name: `${type} ${stream}` });
      if (status !== 200) continue;
      expect(json).toMatchObject({ type, stream });
      names.push(`${type} ${stream}`);
    }
  }
  expect(names.length).toBeGreaterThan(toxicTypes.size);

  const listed = (await rig.api('GET', '/proxies/p/toxics')).json as Record<string, unknown>[];
  const { p } = (await rig.api('GET', '/proxies')).json as Record<string, { toxics: unknown[] }>;
  expect(listed.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  expect(p?.toxics).toEqual(listed);
  expect((await rig.api('PATCH', '/proxies/p', {})).json).toMatchObject({ toxics: listed });
  for (const toxic of listed) {
    assertReadable(toxic);
    const path = `/proxies/p/toxics/${encodeURIComponent(String(toxic.name))}`;
    assertReadable((await rig.api('GET', path)).json as Record<string, unknown>);
    expect((await rig.api('DELETE', path)).status).toBe(204);
  }
  expect((await rig.api('GET', '/proxies/p/toxics')).json).toEqual([]);
});

it('shows what they know as it is, and to others everything', async () => {
  const toxic = {
    type: 'slicer',
    attributes: { average_size: 5, size_variation: 1, delay: 2 },
    only: { first: 1 },
  };
  await using strict = await Rig.start({ strictClients: true });
  await using open = await Rig.start();
  for (const rig of [strict, open]) await rig.proxy(1, [toxic, { type: 'stall' }]);

  expect((await strict.api('GET', '/proxies/p/toxics')).json).toMatchObject([
    { type: 'slicer', attributes: { average_size: 5, size_variation: 1, delay: 2 } },
    { type: 'latency', name: 'stall_downstream', attributes: { latency: 0, jitter: 0 } },
  ]);
  expect((await open.api('GET', '/proxies/p/toxics')).json).toMatchObject([
    { only: { first: 1 } },
    { type: 'stall' },
  ]);
  expect([...toxiproxyTypeNames].toSorted()).toEqual([...known, 'noop'].toSorted());
});
