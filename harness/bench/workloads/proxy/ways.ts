/**
 * Ways from the load to the servers, each in a process of its own: nothing at all, the real Toxiproxy, HAProxy as a plain TCP
 * proxy, and ours.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../free-port.ts';
import { programOf } from '../../processes/helper.ts';
import { startListeningProcess } from '../../processes/listening-process.ts';

/** Ports of the servers by name, or of what leads to them. */
export type Ports = Readonly<Record<string, number>>;

/** A toxic as the API takes it. */
export type ToxicBody = Readonly<Record<string, unknown>>;

/** Something that leads from the load to the servers. */
export interface Way extends AsyncDisposable {
  /** Undefined for the direct way. */
  readonly pid: number | undefined;
  /** Where to connect to in order to reach each server. */
  readonly ports: Ports;
  /** The same through toxics, for those that have any; each call makes a proxy of its own. */
  through?(server: string, toxics: readonly ToxicBody[]): Promise<number>;
}

/** How to start one. */
export interface WayKind {
  readonly name: WayName;
  start(servers: Ports): Promise<Way>;
}

export type WayName = 'direct' | 'toxiproxy' | 'haproxy' | 'shaketable' | 'taps on' | 'taps off';

export const direct: WayKind = {
  name: 'direct',
  start: async (ports) => ({ pid: undefined, ports, async [Symbol.asyncDispose]() {} }),
};

/** Ours, as `shaketable proxy`. */
export const shaketable: WayKind = {
  name: 'shaketable',
  async start(servers) {
    const port = await freePort();
    const args = [programOf('proxy-program-main'), '-host', '127.0.0.1', '-port', String(port), '-seed', '0'];
    const env = { LOG_LEVEL: 'error' };
    const started = await startListeningProcess(process.execPath, args, { port, env });
    return { ...started, ...(await leadThrough(`http://127.0.0.1:${port}`, servers)) };
  },
};

/** Ours from the library, to see what taps cost. */
export const tapped = (taps: 'on' | 'off'): WayKind => ({
  name: `taps ${taps}`,
  async start(servers) {
    const port = await freePort();
    const args = [programOf('tapped-proxy-main'), String(port), taps];
    const started = await startListeningProcess(process.execPath, args, { port });
    return { ...started, ...(await leadThrough(`http://127.0.0.1:${port}`, servers)) };
  },
});

/** The real one, from its program. */
export const toxiproxy = (program: string): WayKind => ({
  name: 'toxiproxy',
  async start(servers) {
    const port = await freePort();
    const args = ['-host', '127.0.0.1', '-port', String(port)];
    const started = await startListeningProcess(program, args, { port, env: { LOG_LEVEL: 'error' } });
    return { ...started, ...(await leadThrough(`http://127.0.0.1:${port}`, servers)) };
  },
});

/** HAProxy with its defaults as they are. */
export const haproxy = (program: string): WayKind => ({
  name: 'haproxy',
  async start(servers) {
    const directory = await mkdtemp(join(tmpdir(), 'bench-haproxy-'));
    const ports: Record<string, number> = {};
    for (const name of Object.keys(servers)) ports[name] = await freePort();
    const file = join(directory, 'haproxy.cfg');
    await writeFile(file, haproxyConfiguration(servers, ports));
    const [port = 0] = Object.values(ports);
    const started = await startListeningProcess(program, ['-db', '-f', file], { port });
    return {
      pid: started.pid,
      ports,
      async [Symbol.asyncDispose]() {
        await started[Symbol.asyncDispose]();
        await rm(directory, { recursive: true });
      },
    };
  },
});

function haproxyConfiguration(servers: Ports, ports: Ports): string {
  const sections = Object.entries(servers).map(
    ([name, port]) => `listen ${name}\n  bind 127.0.0.1:${ports[name]}\n  server s 127.0.0.1:${port}\n`,
  );
  const head =
    'global\n  maxconn 5000\ndefaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1h\n  timeout server 1h\n';
  return [head, ...sections].join('');
}

/** A proxy for each server, made through Toxiproxy's API. */
async function leadThrough(url: string, servers: Ports): Promise<Required<Pick<Way, 'ports' | 'through'>>> {
  const ports: Record<string, number> = {};
  for (const [name, port] of Object.entries(servers)) ports[name] = await createProxy(url, name, port);
  let made = 0;
  return {
    ports,
    async through(server, toxics) {
      made += 1;
      const name = `${server} ${made}`;
      const port = await createProxy(url, name, servers[server] ?? 0);
      for (const toxic of toxics) await post(`${url}/proxies/${encodeURIComponent(name)}/toxics`, toxic);
      return port;
    },
  };
}

async function createProxy(url: string, name: string, upstreamPort: number): Promise<number> {
  const proxy = { name, listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstreamPort}` };
  const { listen } = (await post(`${url}/proxies`, proxy)) as { listen: string };
  return Number(listen.split(':').at(-1));
}

async function post(url: string, body: object): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
