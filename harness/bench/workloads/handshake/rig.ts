/**
 * Load and servers for handshakes, with a proxy between that adds the round trip and counts. Each route has a server of its own.
 *
 *     load ──► proxy (latency, taps) ──► servers
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
  /** Processor time that the server spends on each connection before it answers, ms: a cost of which the size is known. @default 0 */
  readonly burdenMs?: number;
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
  const owned = resources.move();

  const serve = async ({ key, burdenMs = 0 }: Route): Promise<number> => {
    const issued = flaw ? await issueFlawed(authority, flaw, hosts) : await authority.issue({ hosts, key });
    const job = { kind: 'echo', key: issued.keyPem, cert: issued.chainPem, burdenMs };
    return (await servers.run<number>(job)).result;
  };
  const portOf = async (name: string, route: Route): Promise<number> => {
    const known = proxy.proxies.find((handle) => handle.name === name);
    if (known) return known.port;
    const made = await proxy.create({
      name,
      upstream: `127.0.0.1:${await serve(route)}`,
      toxics: [...roundTrip(route.roundTripMs), ...toxics],
    });
    return made.port;
  };
  return {
    async shake(route, job) {
      const name = `${route.key} ${route.roundTripMs} ms, burden ${route.burdenMs ?? 0} ms`;
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
