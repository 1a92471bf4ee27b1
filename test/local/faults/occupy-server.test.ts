import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { FaultContext } from '../../../harness/faults/fault.ts';
import { occupyServer } from '../../../harness/index.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

/** An HTTPS server that answers when a body has ended, with what it has been asked so far. */
async function serve(): Promise<{ server: Server; port: number; asked: string[] }> {
  const authority = await createAuthority({ name: 'Test', now: systemClock().now() });
  const { chainPem, keyPem } = await authority.issue({ hosts: ['localhost'] });
  const asked: string[] = [];
  const server = createServer({ cert: chainPem, key: keyPem }, (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    request.on('error', () => {}).on('end', () => response.end());
    request.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port, asked };
}

function siteAt(port: number, strikes: string[]): FaultContext {
  const queries: Record<string, string> = { 'SELECT token FROM `lab`.clients': 'tok' };
  return {
    link: () => ({ host: '127.0.0.1', port }),
    schema: () => ({ database: 'lab', user: 'lab' }),
    database: () => ({ query: async (sql: string) => [{ token: queries[sql] }] }),
    strike: (reason: string) => void strikes.push(reason),
  } as unknown as FaultContext;
}

const fault = occupyServer({
  requests: 3,
  path: '/work',
  tokenFrom: 'SELECT token FROM {schema}.clients',
});

it('holds as many workers as it is told until it is lifted', async () => {
  const { server, port, asked } = await serve();
  const strikes: string[] = [];

  const lift = await fault.install(siteAt(port, strikes));

  expect(strikes).toHaveLength(3);
  expect(asked).toEqual(Array(3).fill('POST /work Bearer tok'));
  const connections = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  expect(await connections()).toBe(3);

  await lift();

  await expect.poll(connections).toBe(0);
});

it('cannot be put in force where nobody takes the requests', async () => {
  const { server, port } = await serve();
  server.close();

  await expect(fault.install(siteAt(port, []))).rejects.toThrow('ECONNREFUSED');
});
