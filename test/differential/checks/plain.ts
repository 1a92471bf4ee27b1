/** Connections without toxics (checklist 70-75). */
import { createHash, randomBytes } from 'node:crypto';
import { must, quirk } from '../bench/check.ts';
import { judged } from '../bench/facts.ts';
import { pause } from '../bench/peer.ts';

const megabyte = 1024 * 1024;
const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const plain = [
  must(70, 'ten megabytes pass unharmed there and back', async (bench) => {
    const server = await bench.echo();
    const { client, server: peer } = await bench.pair(await bench.proxy(server.port), server);
    const sent = randomBytes(10 * megabyte);
    client.write(sent);
    await client.got(sent.length, 20_000);
    return {
      there: `${peer.count} B`,
      back: `${client.count} B`,
      unharmed: hash(client.bytes) === hash(sent) && hash(peer.bytes) === hash(sent),
    };
  }),

  must(71, 'without a server the client is accepted and closed, the proxy stays', async (bench) => {
    const port = await bench.proxy(await bench.unusedPort());
    const client = await bench.client(port);
    const { how } = await client.ended();
    const odd = await bench.proxy(1, [], { name: 'q' });
    await bench.must('POST', '/proxies/q', { upstream: '?!' });
    const nonsense = await bench.client(odd);
    return {
      client: how === 'RST' ? 'FIN' : how,
      enabled: (await bench.shows()).enabled,
      reach: await bench.reach(port),
      'nonsense upstream': (await nonsense.ended()).how === 'open' ? 'open' : 'closed',
    };
  }),

  must(72, 'what the server sends before it closes arrives', async (bench) => {
    const server = await bench.server((peer) => peer.end(Buffer.alloc(megabyte, 'x')));
    const { client } = await bench.pair(await bench.proxy(server.port), server);
    return { client: (await client.ended()).how, received: `${client.count} B` };
  }),

  must(73, 'what the client sends before it closes arrives', async (bench) => {
    const server = await bench.server();
    const { client, server: peer } = await bench.pair(await bench.proxy(server.port), server);
    client.end(Buffer.alloc(megabyte, 'x'));
    return { server: (await peer.ended()).how, received: `${peer.count} B` };
  }),

  quirk(74, 'a client that is done sending, and an answer 100 ms later', async (bench) => {
    const server = await bench.server((peer) => {
      peer.socket.once('end', async () => {
        await pause(100);
        peer.end('answer');
      });
    });
    const { client, server: peer } = await bench.pair(await bench.proxy(server.port), server);
    client.end('question');
    const [seen, { how }] = await Promise.all([peer.ended(), client.ended()]);
    return {
      server: `${peer.text}, ${seen.how}`,
      client: how,
      received: client.text || 'nothing',
    };
  }),

  quirk(75, 'a reset, seen from the other side', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port);
    const first = await bench.pair(port, server);
    first.client.write('hello');
    await first.server.got(5);
    first.server.reset();
    const second = await bench.pair(port, server);
    second.client.reset();
    return {
      'by the server': (await first.client.ended()).how,
      'by the client': (await second.server.ended()).how,
    };
  }),

  must(113, 'two connections do not influence each other', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port, [{ type: 'bandwidth', attributes: { rate: 1 } }]);
    const slow = await bench.pair(port, server);
    const quick = await bench.pair(port, server);
    slow.server.write(Buffer.alloc(5_000));
    await slow.client.got(100);
    const from = performance.now();
    quick.server.write('quick');
    const quickMs = (await quick.client.got(5)) - from;
    slow.client.reset();
    quick.client.write('still here');
    await quick.server.got(10);
    return { quick: judged(quickMs < 90), server: quick.server.text };
  }),
];
