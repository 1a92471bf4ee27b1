/**
 * Other clients that keep a server busy: requests whose bodies never come hold its workers, as slow clients do with any
 * server that has a fixed number of them.
 */
import { connect, type TLSSocket } from 'node:tls';
import * as z from 'zod';
import { everyWorld, type Fault, type FaultContext } from './fault.ts';
import { checked, howMany, statement } from './params.ts';

/** Parameters of {@link occupyServer}. */
export interface OccupyServerOptions {
  /** How many requests are sent; as many as the server handles at once, and nobody else is served. */
  readonly requests: number;
  /** The path that they are posted to. */
  readonly path: string;
  /** Query that gives the client token they carry; `{schema}` in it is replaced by the schema's name. */
  readonly tokenFrom: string;
}

/**
 * An overloaded server (R2.7): every worker waits for a body. A strike is a request that the server has taken, by its own
 * `100 Continue`. They go over the planned link, which should not be the subject's.
 */
export function occupyServer(options: OccupyServerOptions): Fault {
  return checked('occupy_server', options, { requests: howMany, path, tokenFrom: statement }, occupied);
}

const path = z.string().startsWith('/', 'expected a path, as /api/report');

function occupied(options: OccupyServerOptions): Fault {
  return {
    kind: 'occupy_server',
    place: 'load',
    params: { ...options },
    worlds: everyWorld,
    install: async (context) => {
      const head = requestHead(options.path, await findToken(context, options.tokenFrom));
      const { host, port } = context.link();
      // Whose certificate the server shows is not the matter here.
      const sockets = Array.from({ length: options.requests }, () =>
        connect({ host, port, rejectUnauthorized: false }),
      );
      const lift = async (): Promise<void> => {
        for (const socket of sockets) socket.destroy();
      };
      try {
        await Promise.all(sockets.map((socket) => holdWorker(context, socket, head)));
      } catch (error) {
        await lift();
        throw error;
      }
      return lift;
    },
  };
}

async function findToken(context: FaultContext, query: string): Promise<string> {
  const [row] = await context
    .database()
    .query(query.replaceAll('{schema}', `\`${context.schema().database}\``));
  return String(Object.values(row ?? {})[0]);
}

/** Announces one byte that never comes, and asks to be told when the server is ready for it (RFC 9110, 10.1.1). */
function requestHead(path: string, token: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    'Host: server',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Content-Length: 1',
    'Expect: 100-continue',
    '\r\n',
  ].join('\r\n');
}

/** Resolves when the server has taken the request. */
function holdWorker(context: FaultContext, socket: TLSSocket, head: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => socket.write(head));
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('The server closed the connection')));
    socket.once('data', (answer: Buffer) => {
      const [status = ''] = answer.toString('latin1').split('\r\n');
      if (!status.startsWith('HTTP/1.1 100')) return reject(new Error(`The server answered ${status}`));
      context.strike('a worker of the server waits for a body');
      resolve();
    });
  });
}
