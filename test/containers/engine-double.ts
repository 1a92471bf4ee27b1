/**
 * The real engine behind a socket of its own, for tests of what goes wrong: it can be taken away in the middle of a run, and
 * say of images that they are not there, and give databases a small disk.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { engineAddress } from '../../harness/worlds/containers/engine.ts';

export interface EngineDouble extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly address: string;
  /** Takes the engine away: connections end, and no new ones are taken. */
  stop(): void;
}

/** What the engine is to lack. */
interface Lacks {
  /** An image that is neither there nor to be had. */
  readonly image?: string;
  /** MiB that the data directory of the run's database has. */
  readonly room?: number;
}

/** Stands in for the engine on a socket in `directory`. */
export async function startEngineDouble(directory: string, lacks: Lacks = {}): Promise<EngineDouble> {
  const path = join(directory, 'engine.sock');
  const options = engineAddress()?.options;
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url = '', headers } = incoming;
    if (lacks.image !== undefined && decodeURIComponent(url).includes(lacks.image))
      return void outgoing.writeHead(404).end(`{"message":"manifest unknown: ${lacks.image}"}`);
    const confined = lacks.room !== undefined && /\/containers\/create\?.*name=[\w-]+-mysql(&|$)/.test(url);
    if (confined) delete headers['content-length'];
    const behind = request({ ...options, method, path: url, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    behind.on('error', () => outgoing.destroy());
    outgoing.once('close', () => behind.destroy());
    // At once: the engine does not wait for the end of a body that says all it wants to know.
    void buffer(incoming).then((body) => behind.end(confined ? withRoom(body, lacks.room ?? 0) : body));
  };
  const server = createServer(forward).listen(path);
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `unix://${path}`, stop, [Symbol.asyncDispose]: async () => stop() };
}

/** The order for a container, with a volume of that size in memory for what MySQL writes. */
function withRoom(body: Buffer, room: number): string {
  const order = JSON.parse(String(body)) as { HostConfig: Record<string, unknown> };
  const Options = { type: 'tmpfs', device: 'tmpfs', o: `size=${room}m,mode=1777` };
  const VolumeOptions = { DriverConfig: { Name: 'local', Options } };
  const Mounts = [{ Type: 'volume', Target: '/var/lib/mysql', VolumeOptions }];
  return JSON.stringify({ ...order, HostConfig: { ...order.HostConfig, Mounts } });
}
