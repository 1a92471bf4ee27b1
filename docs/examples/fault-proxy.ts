/** The fault proxy as a library; `node docs/examples/fault-proxy.ts` prints what its client meets. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startProxy } from 'shaketable/proxy';

const server = createServer((_request, response) => response.end('pong')).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

await using lab = await startProxy({
  seed: 7,
  proxies: [
    {
      name: 'api',
      upstream: `127.0.0.1:${port}`,
      toxics: [{ type: 'latency', attributes: { latency: 200 } }],
    },
  ],
  onEvent: (event) => {
    if (event.type === 'strike') console.log(`${event.toxic}: ${event.reason}`);
  },
});
const api = lab.proxy('api');

async function ping(): Promise<string> {
  const begun = performance.now();
  const answer = await fetch(`http://127.0.0.1:${api.port}/ping`);
  const text = await answer.text();
  return `${answer.status} ${text} ${performance.now() - begun < 200 ? 'in time' : 'late'}`;
}

console.log(await ping());

api.removeToxic('latency_downstream');
api.addToxic({ type: 'http_status', attributes: { status: 503, body: 'busy' }, only: { strikes: 1 } });
console.log(await ping());
console.log(await ping());

server.close();
server.closeAllConnections();
