/** A toxic that answers for itself must not hoard what its peer does not read, whatever the peer asks for. */
import { expect, it } from 'vitest';
import { Rig } from './rig.ts';

const requests = 2_000;
const bodyBytes = 65_536;
const body = 'x'.repeat(bodyBytes);
/** What systems keep for a peer, on both sides, and what the proxy keeps beyond that. */
const mostKept = 24 * 1_048_576;

it.for([
  { name: 'alone', others: [] },
  { name: 'behind others', others: [{ type: 'latency', attributes: { latency: 5 } }, { type: 'noop' }] },
  { name: 'before others', others: [], behind: [{ type: 'slicer', attributes: { average_size: 30_000 } }] },
])('gives a client that does not read no more answers than fit, $name', async ({ others, behind = [] }) => {
  await using rig = await Rig.start();
  const answering = { type: 'http_status', attributes: { status: 503, body } };
  const port = await rig.proxy(await rig.serveEcho(), [...others, answering, ...behind]);
  const client = await rig.connect(port);
  client.socket.pause();
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(requests));
  const strikes = () => rig.eventsOf('strike').filter(({ toxic }) => toxic.startsWith('http_status')).length;

  let before = -1;
  while (strikes() > before) {
    before = strikes();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }

  expect(before).toBeGreaterThan(0);
  expect(before * bodyBytes).toBeLessThan(mostKept);
  client.socket.resume();
  await client.receive(requests * bodyBytes);
  expect(strikes()).toBe(requests);
});
