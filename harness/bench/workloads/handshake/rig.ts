/**
 * Load and servers for handshakes, with a proxy between that adds the round trip and counts.
 *
 *     load ──► proxy (latency, taps) ──► servers, one a kind of key
 */
import { startProxy, type ToxicDefinition } from 'shaketable-proxy';
import { type CertificateFlaw, createAuthority, issueFlawed } from 'shaketable-proxy/certificates';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import type { HandshakeJob, HandshakeLoad } from '../../load/handshakes.ts';
import { startHelper } from '../../processes/helper.ts';
import { countHandshakes, type LinkCounts } from '../../rig/handshake-counter.ts';

/** What both ends and the proxy saw of one batch of connections. */
export interface Batch {
  readonly load: HandshakeLoad;
  readonly proxy: LinkCounts;
  /** Processor time of either end, ms. */
  readonly clientCpuMs: number;
  readonly serverCpuMs: number;
}

/** Where the connections of a batch go. */
export interface Route {
  readonly key: 'ec' | 'rsa';
  readonly roundTripMs: number;
}

export interface HandshakeRig extends AsyncDisposable {
  shake(route: Route, job: Omit<HandshakeJob, 'port' | 'ca'>): Promise<Batch>;
}

/** How the rig differs from a healthy one. */
export interface HandshakeRigOptions {
  readonly seed: number;
  /** Its flaw, if the servers' certificate has one. */
  readonly flaw?: CertificateFlaw;
  /** On each link, after the latency. */
  readonly toxics?: readonly ToxicDefinition[];
  readonly clock?: Clock;
}

/** Starts the rig; its certificates are for `localhost`. */
export async function startHandshakeRig(options: HandshakeRigOptions): Promise<HandshakeRig> {
  const { seed, flaw, toxics = [], clock = systemClock() } = options;
  await using resources = new AsyncDisposableStack();
  const hosts = ['localhost'];
  const authority = await createAuthority({ name: 'Benchmark', now: clock.now() });
  const servers = resources.use(startHelper('servers-main'));
  const loads = resources.use(startHelper('load-main'));
  const proxy = resources.use(await startProxy({ seed }));
  const ports = new Map<Route['key'], number>();
  for (const key of ['ec', 'rsa'] as const) {
    const issued = flaw ? await issueFlawed(authority, flaw, hosts) : await authority.issue({ hosts, key });
    const { result } = await servers.run<number>({ kind: 'echo', key: issued.keyPem, cert: issued.chainPem });
    ports.set(key, result);
  }
  const owned = resources.move();

  const portOf = async (name: string, { key, roundTripMs }: Route): Promise<number> => {
    const known = proxy.proxies.find((handle) => handle.name === name);
    if (known) return known.port;
    const made = await proxy.create({
      name,
      upstream: `127.0.0.1:${ports.get(key)}`,
      toxics: [...roundTrip(roundTripMs), ...toxics],
    });
    return made.port;
  };
  return {
    async shake(route, job) {
      const name = `${route.key} ${route.roundTripMs} ms`;
      const port = await portOf(name, route);
      using counter = countHandshakes(proxy, name);
      const before = await servers.cpuMs();
      const { result, cpuMs } = await loads.run<HandshakeLoad>({
        kind: 'handshakes',
        ...job,
        port,
        ca: authority.certPem,
      });
      const counts = await counter.take();
      return {
        load: result,
        proxy: counts,
        clientCpuMs: cpuMs,
        serverCpuMs: (await servers.cpuMs()) - before,
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Half of it each way. */
export function roundTrip(ms: number, jitterMs = 0): ToxicDefinition[] {
  if (ms === 0) return [];
  const attributes = { latency: ms / 2, jitter: jitterMs };
  return [
    { type: 'latency', name: 'there', stream: 'upstream', attributes },
    { type: 'latency', name: 'back', stream: 'downstream', attributes },
  ];
}
