/**
 * The real engine behind a socket of its own, for tests of what goes wrong: it can be taken away in the middle of a run, and
 * say of images that they are not there.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { engineAddress } from '../../harness/worlds/containers/engine.ts';

export interface EngineDouble extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly address: string;
  /** Takes the engine away: connections end, and no new ones are taken. */
  stop(): void;
}

/** Stands in for the engine on a socket in `directory`; `without` names an image that is neither there nor to be had. */
export async function startEngineDouble(directory: string, without?: string): Promise<EngineDouble> {
  const path = join(directory, 'engine.sock');
  const options = engineAddress()?.options;
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url = '', headers } = incoming;
    if (without !== undefined && decodeURIComponent(url).includes(without))
      return void outgoing.writeHead(404).end(`{"message":"manifest unknown: ${without}"}`);
    const behind = request({ ...options, method, path: url, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    behind.on('error', () => outgoing.destroy());
    outgoing.once('close', () => behind.destroy());
    incoming.pipe(behind);
  };
  const server = createServer(forward).listen(path);
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `unix://${path}`, stop, [Symbol.asyncDispose]: async () => stop() };
}
