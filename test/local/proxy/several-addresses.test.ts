/** A name that has several addresses, of which one is dead: a proxy for each, on one port. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { expect, it } from 'vitest';
import { isThere, runProgram } from './programs.ts';
import { Rig } from './rig.ts';

const [dead, sound] = ['127.0.0.2', '127.0.0.1'];

/** Two addresses of one server; gives back their port. */
async function twoAddresses(rig: Rig, deadly: { enabled?: boolean; toxics?: object[] }): Promise<number> {
  const server = http.createServer((_request, response) => response.end('here'));
  const upstream = `127.0.0.1:${await rig.serve((socket) => server.emit('connection', socket))}`;
  const first = { name: 'sound', listen: `${sound}:0`, upstream };
  const { json } = await rig.api('POST', '/proxies', first);
  const port = Number((json as { listen: string }).listen.split(':').at(-1));
  const second = { name: 'dead', listen: `${dead}:${port}`, upstream, ...deadly };
  expect((await rig.api('POST', '/proxies', second)).status).toBe(201);
  return port;
}

const curl = (port: number) =>
  runProgram('curl', [
    '-s',
    '-m',
    '1',
    '--resolve',
    `one.test:${port}:${dead},${sound}`,
    `http://one.test:${port}/`,
  ]);

it.skipIf(!isThere('curl'))('sends curl to the next address where the first refuses', async () => {
  await using rig = await Rig.start();

  const { code, stdout } = await curl(await twoAddresses(rig, { enabled: false }));

  expect({ code, stdout }).toEqual({ code: 0, stdout: 'here' });
});

it.skipIf(!isThere('curl'))('keeps curl at the first where that accepts and is silent', async () => {
  await using rig = await Rig.start();

  const { code } = await curl(await twoAddresses(rig, { toxics: [{ type: 'silence_accept' }] }));

  expect(code).toBe(28);
  expect(rig.eventsOf('strike')).toMatchObject([{ proxy: 'dead', toxic: 'silence_accept_downstream' }]);
});

it('sends Node to the next address where the first refuses', async () => {
  await using rig = await Rig.start();
  const port = await twoAddresses(rig, { enabled: false });
  const lookup: net.LookupFunction = (_name, _options, done) =>
    done(null, [
      { address: dead, family: 4 },
      { address: sound, family: 4 },
    ]);

  const socket = net.connect({ host: 'one.test', port, lookup });
  await once(socket, 'connect');

  expect(socket.remoteAddress).toBe(sound);
  socket.destroy();
});
