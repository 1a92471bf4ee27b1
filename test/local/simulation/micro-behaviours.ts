/**
 * What TCP does, one small thing a case, as Node's sockets tell it: which events come on each side, with which errors, in which order.
 * Each case is played on the system's loopback and on the memory network, and has to give the same account.
 */

import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a side saw, in order; each side by itself, since which of two processes is first is nobody's promise. */
export interface Account {
  readonly client: readonly string[];
  readonly server: readonly string[];
}

/** Both ends of one connection, and what they saw so far. */
interface Ends {
  readonly client: net.Socket;
  readonly server: net.Socket;
  /** Notes something on the client's side. */
  note(what: string): void;
  /** Lets all that is under way arrive: until a while has passed in which nothing came, however busy the machine is. */
  settle(): Promise<void>;
}

export interface MicroBehaviour {
  readonly title: string;
  readonly options?: { readonly allowHalfOpen?: boolean; readonly pauseServer?: boolean };
  readonly play: (ends: Ends) => Promise<void>;
}

const settleMs = 40;
const megabyte = 1_024 * 1_024;

export const microBehaviours: readonly MicroBehaviour[] = [
  { title: 'end() on an idle connection', play: async ({ client }) => void client.end() },
  {
    title: 'end() with a last message',
    play: async ({ client }) => void client.end('bye'),
  },
  { title: 'end() from the server', play: async ({ server }) => void server.end('bye') },
  { title: 'destroy() on an idle connection is a FIN', play: async ({ client }) => void client.destroy() },
  {
    title: 'destroy() with an error is a FIN to the peer',
    play: async ({ client }) => void client.destroy(new Error('enough')),
  },
  {
    title: 'destroy() with bytes unread is a RST',
    options: { pauseServer: true },
    play: async ({ client, server, settle }) => {
      client.write('nobody reads this');
      await settle();
      server.destroy();
    },
  },
  { title: 'resetAndDestroy() is a RST', play: async ({ client }) => void client.resetAndDestroy() },
  {
    title: 'resetAndDestroy() from the server',
    play: async ({ server }) => void server.resetAndDestroy(),
  },
  {
    title: 'a RST behind bytes that were read',
    play: async ({ client, server, settle }) => {
      server.write('first');
      await settle();
      server.resetAndDestroy();
      await settle();
      client.write('too late');
    },
  },
  {
    title: 'a write after the peer has reset',
    play: async ({ client, server, settle }) => {
      server.resetAndDestroy();
      await settle();
      client.write('too late');
    },
  },
  {
    title: 'a write to a peer that has closed is answered by RST',
    options: { allowHalfOpen: true },
    play: async ({ client, server, settle }) => {
      server.destroy();
      await settle();
      client.write('to nobody');
      await settle();
      client.write('and again');
    },
  },
  {
    title: 'half-open: the server answers after the client has ended',
    options: { allowHalfOpen: true },
    play: async ({ client, server, settle }) => {
      client.end('question');
      await settle();
      server.end('answer');
    },
  },
  {
    title: 'without half-open the answer to an end is an end',
    play: async ({ client, server, settle }) => {
      client.end('question');
      await settle();
      server.write('answer');
    },
  },
  {
    title: 'both ends end at once',
    play: async ({ client, server }) => {
      client.end('a');
      server.end('b');
    },
  },
  {
    title: 'both ends reset at once',
    play: async ({ client, server }) => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    },
  },
  {
    title: 'a write after end() is refused',
    play: async ({ client, note }) => {
      client.end();
      client.write('late', (error) =>
        note(`write ${(error as NodeJS.ErrnoException | undefined)?.code ?? 'ok'}`),
      );
    },
  },
  {
    title: 'destroySoon() writes what is left',
    play: async ({ client }) => {
      client.write('all of it');
      client.destroySoon();
    },
  },
  {
    title: 'several writes of one tick are read together',
    play: async ({ client }) => {
      client.write('one ');
      client.write('two ');
      client.write('three');
    },
  },
  {
    title: 'a paused reader gets everything when it goes on',
    options: { pauseServer: true },
    play: async ({ client, server, settle }) => {
      client.write('one');
      await settle();
      client.write('two');
      client.end();
      await settle();
      server.resume();
    },
  },
  {
    title: 'a paused reader does not notice the end before it reads',
    options: { pauseServer: true },
    play: async ({ client, settle, note }) => {
      client.end('last');
      await settle();
      note('settled');
    },
  },
  {
    title: 'setTimeout() fires on silence',
    play: async ({ client }) => void client.setTimeout(10),
  },
  {
    title: 'setTimeout() does not fire while bytes come',
    play: async ({ client, server, note }) => {
      client.setTimeout(5_000);
      for (let turn = 0; turn < 5; turn += 1) {
        server.write('.');
        await pause(15);
      }
      client.setTimeout(0);
      note('off');
    },
  },
  {
    title: 'a peer that reads nothing holds the writer back',
    options: { pauseServer: true },
    play: async ({ client, settle, note }) => {
      const taken = client.write(Buffer.alloc(16 * megabyte));
      await settle();
      note(`write ${taken}, ${client.writableLength > 0 ? 'not all is taken' : 'all is taken'}`);
      client.destroy();
    },
  },
  {
    title: 'a peer that reads on gets four megabytes',
    play: async ({ client }) => void client.end(Buffer.alloc(4 * megabyte)),
  },
  {
    title: 'an empty write is told as done',
    play: async ({ client, note }) => {
      client.write('', () => note('written'));
      client.end();
    },
  },
  {
    title: 'a write is told as done although nobody reads',
    options: { pauseServer: true },
    play: async ({ client, settle, note }) => {
      client.write('small', () => note('written'));
      await settle();
      client.destroy();
    },
  },
  {
    title: 'addresses are told on both sides',
    play: async ({ client, server, note }) => {
      note(`${client.remoteAddress} ${client.remoteFamily} ${client.localAddress}`);
      note(client.localPort === server.remotePort ? 'one port' : 'two ports');
      client.end();
    },
  },
  {
    title: 'addresses are gone with the connection',
    play: async ({ client, settle, note }) => {
      client.destroy();
      await settle();
      note(`${client.remoteAddress} ${client.readyState} ${client.bytesWritten}`);
    },
  },
  {
    title: 'bytes are counted',
    play: async ({ client, server, settle, note }) => {
      client.write('12345');
      await settle();
      note(`written ${client.bytesWritten}, read ${server.bytesRead}`);
      client.end();
    },
  },
];

/** Plays one on whatever network the process has. */
export async function playMicroBehaviour({ options = {}, play }: MicroBehaviour): Promise<Account> {
  const { allowHalfOpen = false, pauseServer = false } = options;
  const account = { client: [] as string[], server: [] as string[] };
  const server = net.createServer({ allowHalfOpen, pauseOnConnect: pauseServer });
  const { promise: accepted, resolve: accept } = Promise.withResolvers<net.Socket>();
  server.on('connection', (socket) => {
    watch(socket, account.server, !pauseServer);
    accept(socket);
  });
  const port = await listening(server);
  const client = net.connect({ host: '127.0.0.1', port, allowHalfOpen });
  watch(client, account.client, true);
  const serverEnd = await accepted;
  if (client.connecting) await new Promise((resolve) => client.once('connect', resolve));
  const seenSoFar = (): number => account.client.length + account.server.length;
  const settle = async (): Promise<void> => {
    for (let before = -1; before !== seenSoFar(); ) {
      before = seenSoFar();
      await pause(settleMs);
    }
  };
  await play({ client, server: serverEnd, settle, note: (what) => account.client.push(what) });
  await settle();
  await settle();
  const seen = { client: merged(account.client), server: merged(account.server) };
  client.destroy();
  serverEnd.destroy();
  server.close();
  await settle();
  return seen;
}

/** What happens when nobody, or too many, listen; each gives a word on it. */
export const listenings: readonly { readonly title: string; readonly play: () => Promise<string> }[] = [
  {
    title: 'nobody listens',
    play: async () => {
      const server = net.createServer();
      const port = await listening(server);
      await new Promise((resolve) => server.close(resolve));
      return failureOf(net.connect(port, '127.0.0.1'));
    },
  },
  {
    title: 'a port is taken',
    play: async () => {
      const server = net.createServer();
      const port = await listening(server);
      const second = net.createServer();
      const failed = new Promise<string>((resolve) =>
        second.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.syscall}`)),
      );
      second.listen(port, '127.0.0.1');
      return failed.finally(() => server.close());
    },
  },
  {
    title: 'a name that nobody has',
    play: async () => failureOf(net.connect(1, 'nobody.invalid')),
  },
  {
    title: 'a server that closes keeps its connections',
    play: async () => {
      const server = net.createServer((socket) => socket.on('data', () => socket.end('still here')));
      const port = await listening(server);
      const client = net.connect(port, '127.0.0.1');
      await new Promise((resolve) => client.once('connect', resolve));
      await pause(settleMs);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      client.write('?');
      const text = await new Promise<string>((resolve) =>
        client.once('data', (data) => resolve(String(data))),
      );
      await closed;
      return text;
    },
  },
];

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function failureOf(socket: net.Socket): Promise<string> {
  return new Promise((resolve) =>
    socket.once('error', ({ code, syscall }: NodeJS.ErrnoException) => resolve(`${code} ${syscall}`)),
  );
}

function watch(socket: net.Socket, events: string[], reads: boolean): void {
  const read = (chunk: Buffer): void =>
    void events.push(chunk.length > 64 ? `data ${chunk.length}` : `data "${chunk}"`);
  if (reads) socket.on('data', read);
  else socket.on('newListener', () => {}).once('resume', () => socket.on('data', read));
  socket
    .on('end', () => events.push('end'))
    .on('finish', () => events.push('finish'))
    .on('timeout', () => events.push('timeout'))
    .on('error', (error: NodeJS.ErrnoException) =>
      events.push(`error ${error.code ?? error.message} ${error.syscall ?? ''}`),
    )
    .on('close', (hadError) => events.push(`close ${hadError}`));
}

/** How many reads a message takes is the machine's affair; what it says is not. */
function merged(events: readonly string[]): string[] {
  const out: string[] = [];
  for (const event of events) {
    const last = out.at(-1);
    const [size, more] = [last, event].map((text) => /^data (\d+)$/.exec(text ?? '')?.[1]);
    if (size !== undefined && more !== undefined) out[out.length - 1] = `data ${Number(size) + Number(more)}`;
    else if (last?.startsWith('data "') && event.startsWith('data "'))
      out[out.length - 1] = `${last.slice(0, -1)}${event.slice('data "'.length)}`;
    else out.push(event);
  }
  return out;
}
