/**
 * Short stories in virtual time for measuring: real undici and ws against real `node:http`, one virtual minute each, with the faults that a
 * seed draws. What a story comes to is a digest of what happened and when.
 */
import { createHash, type Hash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { seal } from '../../harness/simulation/seal/seal.ts';
import { Simulation } from '../../harness/simulation/simulation.ts';
import { seededRandom } from '../../proxy/core/random.ts';

// Before the libraries, which keep what they find.
seal();
const { Pool } = await import('undici');
const { WebSocket, WebSocketServer } = await import('ws');

const minuteMs = 60_000;
const beatMs = 5_000;
const messageMs = 250;
const mostFaults = 10;

/** What one story came to. */
export interface Told {
  readonly digest: string;
  /** Events of the queue. */
  readonly events: number;
  readonly answered: number;
  readonly failed: number;
}

type Story = (stage: Stage) => Promise<void>;

/** What a story has: a server, its port, the sockets that it holds, and a place to note what happens. */
interface Stage {
  readonly server: http.Server;
  readonly port: number;
  readonly note: (what: string) => void;
  count(isAnswered: boolean): void;
  readonly untilMs: number;
}

/** A report every 5 s by undici's pool, tried twice. */
const beat: Story = async ({ port, note, count, untilMs }) => {
  const pool = new Pool(`http://127.0.0.1:${port}`, {
    connections: 2,
    headersTimeout: 3_000,
    bodyTimeout: 3_000,
    connectTimeout: 4_000,
  });
  for (let number = 0; performance.now() < untilMs; number += 1) {
    const ask = async (): Promise<string> => {
      const { statusCode, body } = await pool.request({
        path: '/report',
        method: 'POST',
        body: `report ${number}`,
      });
      return `${statusCode} ${await body.text()}`;
    };
    const answer = await ask().catch((error: { code?: string }) => error.code ?? 'failed');
    note(answer);
    count(answer.startsWith('200'));
    await pause(beatMs);
  }
  await pool.destroy();
};

/** A message every 250 ms over one WebSocket, which is made again when it breaks. */
const messages: Story = async ({ server, port, note, count, untilMs }) => {
  const service = new WebSocketServer({ server, perMessageDeflate: false });
  service.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(`ack ${data}`)).on('error', () => {});
  });
  const open = (): InstanceType<typeof WebSocket> =>
    new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false, handshakeTimeout: 4_000 })
      .on('error', (error: { code?: string }) => note(`error ${error.code}`))
      .on('close', (code) => note(`close ${code}`))
      .on('message', (data) => {
        count(true);
        note(String(data));
      });
  let socket = open();
  for (let number = 0; performance.now() < untilMs; number += 1) {
    if (socket.readyState === socket.OPEN) socket.send(`message ${number}`);
    else if (socket.readyState === socket.CLOSED) socket = open();
    await pause(messageMs);
  }
  socket.terminate();
  service.close();
};

/** Plays stories beside each other for a virtual minute, by the faults of `seed`. */
async function tell(seed: number, stories: readonly Story[]): Promise<Told> {
  await using simulation = Simulation.start({ seed });
  const hash = createHash('sha256');
  const counts = { answered: 0, failed: 0 };
  const note = (what: string): void => writeLine(hash, simulation.queue.nowUs, what);
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.end('thanks'));
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', (hadError) => {
      sockets.delete(socket);
      note(`closed ${hadError} ${socket.bytesRead} ${socket.bytesWritten}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const faults = playFaults(seed, { simulation, port, sockets, note });
  const stage: Stage = {
    server,
    port,
    note,
    count(isAnswered) {
      counts[isAnswered ? 'answered' : 'failed'] += 1;
    },
    untilMs: minuteMs,
  };
  await Promise.all(stories.map((story) => story(stage)));
  await faults;
  server.close();
  for (const socket of sockets) socket.destroy();
  await pause(messageMs);
  const { escapes, events } = simulation;
  const [first] = escapes.all;
  if (first) throw new Error(`${first.what} left the simulation: ${first.stack.join(' < ')}`);
  return { digest: hash.digest('hex'), events, ...counts };
}

interface Target {
  readonly simulation: Simulation;
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  readonly note: (what: string) => void;
}

/** Up to ten faults at any millisecond of the minute: resets, orderly ends, black holes. */
async function playFaults(seed: number, { simulation, port, sockets, note }: Target): Promise<void> {
  const draw = seededRandom(seed).fork('faults');
  const amount = Math.floor(draw.next() * (mostFaults + 1));
  const faults = Array.from({ length: amount }, () => ({
    atMs: Math.floor(draw.next() * minuteMs),
    kind: (['reset', 'end', 'hole'] as const)[Math.floor(draw.next() * 3)],
    forMs: Math.floor(draw.next() * 8_000),
  }));
  await Promise.all(
    faults.map(async ({ atMs, kind, forMs }) => {
      await pause(atMs);
      note(`fault ${kind}`);
      if (kind === 'reset') for (const socket of sockets) socket.resetAndDestroy();
      else if (kind === 'end') for (const socket of sockets) socket.end();
      else {
        const heal = simulation.network.makeHole(port);
        await pause(forMs);
        heal();
      }
    }),
  );
}

function writeLine(hash: Hash, atUs: number, what: string): void {
  hash.update(`${atUs} ${what}\n`);
}

/** One virtual minute of HTTP. */
export const tellHttp = (seed: number): Promise<Told> => tell(seed, [beat]);

/** One virtual minute of HTTP and WebSocket. */
export const tellBoth = (seed: number): Promise<Told> => tell(seed, [beat, messages]);
