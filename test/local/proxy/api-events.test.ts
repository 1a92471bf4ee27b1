/** `GET /events`: what happens, as it happens, to readers quick and slow. */
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../proxy/core/clock.ts';
import { EventReader } from './event-reader.ts';
import { Rig } from './rig.ts';

it('streams what is done to proxies and what happens on connections, in order', async () => {
  await using rig = await Rig.start();
  using reader = (await EventReader.open(rig.server.url)).read();
  const port = await rig.proxy(await rig.serveEcho());
  await rig.addToxic({ type: 'reset_after', stream: 'upstream', attributes: { bytes: 3 } });
  await rig.api('PATCH', '/proxies/p/toxics/reset_after_upstream', { attributes: { bytes: 2 } });
  const client = await rig.connect(port);
  client.write('ab');
  await client.ending;
  await rig.api('DELETE', '/proxies/p/toxics/reset_after_upstream');
  await rig.api('DELETE', '/proxies/p');

  await expect
    .poll(() => reader.types())
    .toEqual([
      'proxy-started',
      'toxic-added',
      'toxic-updated',
      'open',
      'upstream-open',
      'strike',
      'close',
      'toxic-removed',
      'proxy-stopped',
    ]);
  expect(reader.response.headers['content-type']).toBe('text/event-stream');
  expect(reader.events.map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const [started, added] = reader.events;
  expect(started?.data).toMatchObject({ proxy: 'p', listen: `127.0.0.1:${port}`, toxics: [] });
  expect(added?.data).toMatchObject({ proxy: 'p', toxic: 'reset_after_upstream', toxicType: 'reset_after' });
  expect(reader.events[5]?.data).toMatchObject({
    proxy: 'p',
    connection: 1,
    toxic: 'reset_after_upstream',
    stream: 'upstream',
    offset: 0,
    bytes: 2,
    delivered: false,
    reached: true,
  });
});

it('gives all its readers the same, by the same numbers', async () => {
  await using rig = await Rig.start();
  using first = (await EventReader.open(rig.server.url)).read();
  await rig.proxy(1, [], 'a');
  using second = (await EventReader.open(rig.server.url)).read();
  await rig.proxy(1, [], 'b');

  await expect.poll(() => second.events).toHaveLength(1);
  expect(first.events.map(({ id, data }) => [id, data.proxy])).toEqual([
    ['1', 'a'],
    ['2', 'b'],
  ]);
  expect(second.events).toEqual([first.events[1]]);
});

it('leaves events out for a reader that lags, tells it how many, and goes on', async () => {
  const lagBytes = 64 * 1024;
  await using rig = await Rig.start({ limits: { lagBytes } });
  using slow = await EventReader.open(rig.server.url);
  using quick = (await EventReader.open(rig.server.url)).read();
  await rig.proxy(1, [{ type: 'noop' }]);
  const [proxy] = rig.server.proxies;

  // More than the buffers of both kernels' sockets take, and the lag.
  const updates = 60_000;
  for (let update = 1; update <= updates; update += 1) {
    proxy?.updateToxic('noop_downstream', { toxicity: 1 });
    if (update % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => quick.events.length, { timeout: 20_000 }).toBe(updates + 1);
  slow.read();
  await expect.poll(() => slow.types(), { timeout: 20_000 }).toContain('dropped');
  await rig.api('DELETE', '/proxies/p');

  await expect.poll(() => slow.types().at(-1)).toBe('proxy-stopped');
  const dropped = slow.events.filter(({ event }) => event === 'dropped');
  const lost = dropped.reduce((sum, { data }) => sum + Number(data.dropped), 0);
  expect(lost).toBeGreaterThan(1_000);
  expect(slow.events.length - dropped.length + lost).toBe(updates + 2);
  expect(quick.types()).not.toContain('dropped');
});

it('lets go of a reader that has left', async () => {
  const clock = systemClock();
  let heartbeat: AbortSignal | undefined;
  const watched: Clock = {
    now: clock.now,
    sleep(ms, signal) {
      if (ms === 15_000) heartbeat = signal;
      return clock.sleep(ms, signal);
    },
  };
  await using rig = await Rig.start({ clock: watched });
  const reader = await EventReader.open(rig.server.url);
  expect(heartbeat?.aborted).toBe(false);

  reader[Symbol.dispose]();

  await expect.poll(() => heartbeat?.aborted).toBe(true);
});

it('sends a comment now and then, so that a reader without events is known to be there', async () => {
  const clock = systemClock();
  const quick: Clock = {
    now: clock.now,
    sleep: (ms, signal) => clock.sleep(ms === 15_000 ? 10 : ms, signal),
  };
  await using rig = await Rig.start({ clock: quick });
  using reader = await EventReader.open(rig.server.url);
  let text = '';
  reader.response.on('data', (part: string) => {
    text += part;
  });

  await expect.poll(() => text).toMatch(/^: .+\n\n:\n\n:\n\n/);
});

it('ends when the server does', async () => {
  await using rig = await Rig.start();
  using reader = (await EventReader.open(rig.server.url)).read();
  const ended = new Promise((resolve) => reader.response.once('close', resolve));

  await rig.server.close();

  await ended;
});
