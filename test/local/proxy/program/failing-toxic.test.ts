/** A toxic whose own code throws takes its connection with it: not the others, nor the process, nor the call that lifted it. */
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { choice, defineToxic, pass, registerToxic, startProxy, until } from 'shaketable/proxy';
import { expect, it } from 'vitest';
import { serveLines } from './line-server.ts';

const moments = ['start', 'chunk', 'end', 'idle', 'meanwhile', 'stop', 'lifted'] as const;

const fragile = defineToxic({
  type: 'fragile',
  attributes: { at: choice(moments) },
  start: (context) => {
    const failAt = (moment: (typeof moments)[number]): void => {
      if (moment === context.attributes.at) throw new Error(`no ${moment}`);
    };
    failAt('start');
    return {
      *chunk(chunk) {
        failAt('chunk');
        yield pass(chunk);
      },
      *end() {
        failAt('end');
        yield pass({ kind: 'end' });
      },
      *idle() {
        try {
          yield until(context.now() + 10);
          failAt('idle');
          yield until(Number.POSITIVE_INFINITY);
        } finally {
          failAt('stop');
        }
      },
      *meanwhile() {
        yield until(context.now() + 10);
        failAt('meanwhile');
      },
      lifted() {
        failAt('lifted');
        return [];
      },
    };
  },
});

registerToxic(fragile);

it.each(moments)('one that fails at %s', async (at) => {
  await using server = await serveLines();
  await using lab = await startProxy({
    proxies: [
      {
        name: 'chat',
        upstream: `127.0.0.1:${server.port}`,
        toxics: [
          {
            type: fragile,
            name: 'glass',
            stream: 'upstream',
            attributes: { at },
            only: { nth: [1] },
          },
        ],
      },
    ],
  });
  const chat = lab.proxy('chat');
  const connect = (): net.Socket => net.connect(chat.port, '127.0.0.1').on('error', () => {});
  const first = connect();
  await expect.poll(() => lab.listConnections().length).toBe(1);
  const second = connect();
  second.write('before\n');
  first.write('hello\n');
  if (at === 'end' || at === 'stop') first.end();
  await expect.poll(() => second.bytesRead).toBe('BEFORE\n'.length);

  const end = (): unknown => lab.listConnections().find(({ connection }) => connection === 1)?.end;
  if (at === 'lifted') chat.removeToxic('glass');
  await expect.poll(end).toBeDefined();
  second.end('after\n');

  expect(await text(second)).toBe('BEFORE\nAFTER\n');
  const failed = { how: 'reset', by: 'toxic', error: `glass: no ${at}` };
  expect(end()).toMatchObject(at === 'stop' ? { how: 'fin', by: 'client' } : failed);
});
