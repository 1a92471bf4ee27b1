/** Ports for servers that come and go. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../harness/free-port.ts';

it('is free, and none that an outgoing connection could be given meanwhile', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));

  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(Math.min(...ports)).toBeGreaterThan(1_024);
  const server = createServer().listen(ports[0], '127.0.0.1');
  await once(server, 'listening');
  expect((server.address() as AddressInfo).port).toBe(ports[0]);
  server.close();
});
