/** The fault proxy as a library, by the name under which other packages import it. */
import { execFile } from 'node:child_process';
import net from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ProxyEvent, startProxy, type ToxicDefinition } from 'shaketable/proxy';
import { expect, it } from 'vitest';
import { serveLines } from './line-server.ts';

it('works as the documentation shows', async () => {
  const example = resolve(import.meta.dirname, '../../../../docs/examples/fault-proxy.ts');

  const { stdout } = await promisify(execFile)(process.execPath, [example]);

  expect(stdout.split('\n')).toEqual([
    'latency_downstream: delayed by 200 ms',
    '200 pong late',
    expect.stringMatching(/^http_status_downstream: /),
    '503 busy in time',
    '200 pong in time',
    '',
  ]);
});

it('puts a fault between a program and its server', async () => {
  await using server = await serveLines();

  await using lab = await startProxy({
    seed: 7,
    proxies: [
      {
        name: 'chat',
        upstream: `127.0.0.1:${server.port}`,
        toxics: [{ type: 'latency', attributes: { latency: 200 } }],
      },
    ],
  });
  const chat = lab.proxy('chat');
  const program = net.connect(chat.port, '127.0.0.1').setEncoding('utf8');

  const asked = performance.now();
  program.write('hello\n');
  expect(await once(program, 'data')).toBe('HELLO\n');
  expect(performance.now() - asked).toBeGreaterThanOrEqual(199);

  chat.removeToxic('latency_downstream');
  chat.addToxic({ type: 'reset_after', attributes: { bytes: 1 }, only: { strikes: 1 } });
  program.write('again\n');
  expect(await once(program, 'error')).toMatchObject({ code: 'ECONNRESET' });

  const [connection] = lab.listConnections();
  expect(connection?.end).toMatchObject({ how: 'reset', by: 'toxic' });
  expect(connection?.strikes.map(({ toxic, count }) => [toxic, count])).toEqual([
    ['latency_downstream', 1],
    ['reset_after_downstream', 1],
  ]);
});

/** The first argument of an emitter's next event; unlike Node's `once`, an error is an event like others. */
function once(emitter: NodeJS.EventEmitter, event: string): Promise<unknown> {
  return new Promise((resolve) => emitter.once(event, resolve));
}

it('creates, moves, disables and removes proxies', async () => {
  await using server = await serveLines();
  const events: string[] = [];
  await using lab = await startProxy({ onEvent: ({ type }: ProxyEvent) => events.push(type) });

  const proxy = await lab.create({ name: 'a', upstream: `127.0.0.1:${server.port}` });
  expect([proxy.listen, proxy.enabled]).toEqual([`127.0.0.1:${proxy.port}`, true]);
  await proxy.update({ enabled: false });
  const refused = net.connect(proxy.port, '127.0.0.1');
  expect(await once(refused, 'error')).toMatchObject({ code: 'ECONNREFUSED' });
  proxy.addToxic({ type: 'noop' });
  proxy.updateToxic('noop_downstream', { toxicity: 0.5 });
  expect(proxy.toxics).toMatchObject([{ name: 'noop_downstream', type: 'noop', toxicity: 0.5, strikes: 0 }]);
  await lab.reset();
  expect([proxy.enabled, proxy.toxics]).toEqual([true, []]);
  await proxy.remove();

  expect(lab.proxies).toEqual([]);
  expect(() => lab.proxy('a')).toThrow(expect.objectContaining({ status: 404, message: 'proxy not found' }));
  expect(events).toEqual([
    'proxy-started',
    'proxy-stopped',
    'toxic-added',
    'toxic-updated',
    'proxy-started',
    'toxic-removed',
    'proxy-stopped',
  ]);
});

it('says what is wrong with a definition, and leaves nothing behind', async () => {
  const upstream = 'localhost:1';
  const listening = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
  const before = listening();
  const sameName = { name: 'a', upstream };

  await expect(startProxy({ proxies: [sameName, sameName] })).rejects.toMatchObject({
    status: 409,
    message: 'proxy already exists',
  });
  // @ts-expect-error the type knows the types
  const gremlin: ToxicDefinition = { type: 'gremlin' };
  // @ts-expect-error and the words that an attribute takes
  const badWord: ToxicDefinition = { type: 'tls_cut', attributes: { stage: 'x' } };
  const startWith = (toxic: ToxicDefinition) => startProxy({ proxies: [{ ...sameName, toxics: [toxic] }] });
  await expect(startWith(gremlin)).rejects.toMatchObject({
    status: 400,
    message: 'invalid toxic type at toxic 1 at proxy "a"',
  });
  await expect(startWith(badWord)).rejects.toThrow(/^invalid attribute stage: expected one of /);

  await expect.poll(listening).toBeLessThanOrEqual(before);
});

it('meets the same traffic with the same faults for the same seed, and with others for another', async () => {
  await using server = await serveLines();
  const struck = async (seed: number): Promise<number[]> => {
    const numbers: number[] = [];
    await using lab = await startProxy({
      seed,
      proxies: [
        {
          name: 'a',
          upstream: `127.0.0.1:${server.port}`,
          toxics: [{ type: 'refuse_connection', toxicity: 0.5 }],
        },
      ],
      onEvent: (event) => {
        if (event.type === 'strike') numbers.push(event.connection);
      },
    });
    for (let number = 1; number <= 40; number += 1) {
      const socket = net.connect(lab.proxy('a').port, '127.0.0.1');
      socket
        .on('error', () => {})
        .end('x\n')
        .resume();
      await once(socket, 'close');
    }
    return numbers;
  };

  const first = await struck(7);

  expect(first.length).toBeGreaterThan(8);
  expect(first.length).toBeLessThan(32);
  expect(await struck(7)).toEqual(first);
  expect(await struck(8)).not.toEqual(first);
});
