/** What real clients report: undici, curl and Python's http.client, as docs/proxy/tcp.md says. */
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isThere, runProgram } from './programs.ts';
import { Rig } from './rig.ts';

const bodyBytes = 100_000;
let server: http.Server;
let upstream: number;

/** `/slow` sends its body within a second, everything else at once. */
beforeAll(async () => {
  server = http.createServer(({ url }, response) => {
    response.setHeader('content-length', bodyBytes);
    if (url !== '/slow') return void response.end(Buffer.alloc(bodyBytes, 'a'));
    const sending = setInterval(() => response.write(Buffer.alloc(bodyBytes / 100, 'a')), 10);
    response.on('close', () => clearInterval(sending));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream = (server.address() as net.AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What each client says of a request; `ok` with the size of the body, or the name of the error. */
const clients = {
  undici: async (url: string): Promise<string> => {
    const agent = new Agent({ headersTimeout: 300, bodyTimeout: 300 });
    try {
      const { body } = await request(url, { dispatcher: agent });
      return `ok ${(await body.bytes()).length}`;
    } catch (error) {
      return String((error as { code?: string }).code);
    } finally {
      await agent.destroy();
    }
  },
  curl: async (url: string): Promise<string> => {
    const options = ['-s', '--max-time', '1', '-o', '/dev/null', '-w', 'ok %{size_download}', url];
    const { code, stdout } = await runProgram('curl', options);
    return code === 0 ? stdout : String(code);
  },
  python: async (url: string): Promise<string> => {
    const { stdout } = await runProgram('python3', ['-c', python, url]);
    return stdout.trim();
  },
};

const python = `
import http.client, sys, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(url.hostname, url.port, timeout=1)
try:
    connection.request("GET", url.path)
    print("ok", len(connection.getresponse().read()))
except Exception as error:
    print(type(error).__name__)
`;

const there = { undici: true, curl: isThere('curl'), python: isThere('python3') };

const reset = { undici: 'ECONNRESET', curl: '56', python: 'ConnectionResetError' };
const closed = { undici: 'UND_ERR_SOCKET', curl: '18', python: 'IncompleteRead' };
const noAnswer = { undici: 'UND_ERR_HEADERS_TIMEOUT', curl: '28', python: 'TimeoutError' };
const noMore = { ...noAnswer, undici: 'UND_ERR_BODY_TIMEOUT' };

const cases = [
  { type: 'lifetime', attributes: { after: 200 }, path: '/slow', seen: reset },
  { type: 'lifetime', attributes: { after: 200, action: 'close' }, path: '/slow', seen: closed },
  { type: 'lifetime', attributes: { after: 200, action: 'forget' }, path: '/slow', seen: noMore },
  { type: 'cut', attributes: { bytes: 5_000 }, seen: reset },
  { type: 'cut', attributes: { bytes: 5_000, action: 'close' }, seen: closed },
  { type: 'cut', attributes: { bytes: 5_000, action: 'stall' }, seen: noMore },
  { type: 'cut', stream: 'upstream', seen: reset },
  { type: 'half_open', seen: noAnswer },
  { type: 'half_open', attributes: { answer: 'reset' }, seen: reset },
  { type: 'half_open', only: { from_bytes: 5_000 }, seen: noMore },
  { type: 'blackhole', seen: noAnswer },
  { type: 'stall', stream: 'upstream', seen: noAnswer },
  { type: 'silence_accept', seen: noAnswer },
  { type: 'reset_after', seen: reset },
  { type: 'packet_loss', attributes: { loss_rate: 0.3, rto: 20 }, seen: 'ok 100000' },
  { type: 'bandwidth_shared', attributes: { rate: 2_000 }, seen: 'ok 100000' },
].map(({ seen, path = '/', ...toxic }) => ({ toxic, path, seen, title: JSON.stringify(toxic) }));

describe.each(Object.entries(clients))('%s', (name, ask) => {
  const client = name as keyof typeof clients;

  it.skipIf(!there[client]).each(cases)('sees what $title does', async ({ toxic, path, seen }) => {
    await using rig = await Rig.start();
    const port = await rig.proxy(upstream, [toxic]);

    const answer = await ask(`http://127.0.0.1:${port}${path}`);

    expect(answer).toBe(typeof seen === 'string' ? seen : seen[client]);
    expect(rig.eventsOf('strike').length).toBeGreaterThan(0);
  });
});

it.skipIf(!there.curl)('curl is refused a connection by refuse_connection', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(upstream, [{ type: 'refuse_connection', only: { first: 1 } }]);
  const url = `http://127.0.0.1:${port}/`;

  // By when the RST comes, curl is still connecting or has sent already.
  expect(['7', '56']).toContain(await clients.curl(url));
  expect(await clients.curl(url)).toBe('ok 100000');
});

it.skipIf(!there.curl)('curl takes as long on a network as its profile says', async () => {
  await using rig = await Rig.start();
  const secondsOf = async (profile: string): Promise<number> => {
    const port = await rig.proxy(upstream, [{ type: 'network_profile', attributes: { profile } }], profile);
    const options = ['-s', '-o', '/dev/null', '-w', '%{time_total}', `http://127.0.0.1:${port}/`];
    return Number((await runProgram('curl', options)).stdout);
  };

  const [dsl, slower] = [await secondsOf('dsl'), await secondsOf('3g_slow')];

  // 50 ms there and back, and 100 kB at 1.5 Mbit/s; the slower one has 400 ms and 0.4 Mbit/s.
  expect(dsl).toBeGreaterThanOrEqual(0.58);
  expect(dsl).toBeLessThan(slower);
});

it('undici replaces a pooled connection that was reset while idle, and hangs on one that was forgotten', async () => {
  for (const [action, expected] of [
    ['reset', 'ok 100000'],
    ['forget', 'UND_ERR_HEADERS_TIMEOUT'],
  ] as const) {
    await using rig = await Rig.start();
    const toxic = { type: 'reset_idle', attributes: { after: 100, action } };
    const port = await rig.proxy(upstream, [toxic]);
    const agent = new Agent({ headersTimeout: 300, connections: 1 });
    const ask = async (): Promise<string> => {
      const { body } = await request(`http://127.0.0.1:${port}/`, { dispatcher: agent });
      return `ok ${(await body.bytes()).length}`;
    };
    // A reset has to reach it first; of what was forgotten nobody tells it.
    const told = action === 'reset' ? once(agent, 'disconnect') : undefined;
    await ask();
    await expect.poll(() => rig.eventsOf('strike').length).toBe(1);
    await told;
    const second = await ask().catch(({ code }) => code);
    await agent.destroy();

    expect(second).toBe(expected);
  }
});

it('corrupt breaks what an HTTP client reads', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(upstream, [{ type: 'corrupt', attributes: { probability: 0.2 } }]);

  await expect(request(`http://127.0.0.1:${port}/`)).rejects.toThrow('does not match the HTTP/1.1 protocol');
});
