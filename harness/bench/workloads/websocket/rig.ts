/**
 * Load, server and one link for each take.
 *
 *     ws client ──► proxy, with a fault or none ──► ws server, which keeps what it got
 */
import { type ProxyEvent, type ProxyHandle, startProxy, type ToxicDefinition } from 'shaketable-proxy';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import type { SendManyJob, SendManyLoad } from '../../load/websocket/send-many.ts';
import type { OpenJob, Watched, WatchJob, WatchLoad } from '../../load/websocket/watch-faults.ts';
import { startHelper } from '../../processes/helper.ts';
import type { Received } from '../../processes/message-server.ts';
import { monotonicOffset } from '../../processes/monotonic-offset.ts';
import { countHandshakes, type LinkCounts } from '../../rig/handshake-counter.ts';

/** What load, proxy and server saw of the messages of one take. */
export interface SendBatch {
  readonly load: SendManyLoad;
  readonly proxy: Pick<LinkCounts, 'connections' | 'bytesUp' | 'strikes'>;
  readonly server: Received;
}

/** What became of connections, and when the fault struck each, by the port of the client's end; times of one clock, ms. */
export interface FaultBatch {
  readonly watched: readonly Watched[];
  readonly struckAt: ReadonlyMap<number, number>;
}

/** The fault of a take. */
export interface LinkPlan {
  readonly toxics: readonly ToxicDefinition[];
  /** Ends are not told: the link is taken away at the end, since nobody else would end its connections. */
  readonly silent: boolean;
}

/** Faults of open connections. */
export interface WatchPlan extends Omit<OpenJob, 'port'>, Omit<WatchJob, 'take'> {
  /** Of the connection of that number, from 1 on, once all are open. */
  faultOf(connection: number): ToxicDefinition;
  readonly silent: boolean;
}

export interface WebSocketRig extends AsyncDisposable {
  send(link: LinkPlan, job: Omit<SendManyJob, 'port' | 'take' | 'graceMs'>): Promise<SendBatch>;
  watch(plan: WatchPlan): Promise<FaultBatch>;
}

export interface WebSocketRigOptions {
  readonly seed: number;
  /** The server throws away each message whose count is a multiple. @default 0, none */
  readonly dropEvery?: number;
  readonly clock?: Clock;
}

const graceMs = { silent: 50, heard: 10_000 };

export async function startWebSocketRig(options: WebSocketRigOptions): Promise<WebSocketRig> {
  const { seed, dropEvery = 0, clock = systemClock() } = options;
  await using resources = new AsyncDisposableStack();
  const server = resources.use(startHelper('message-server-main'));
  const loads = resources.use(startHelper('websocket-load-main'));
  const proxy = resources.use(await startProxy({ seed, clock }));
  const { result: port } = await server.run<number>({ kind: 'listen', dropEvery });
  const owned = resources.move();
  let takes = 0;

  /** Works over a link of its own, with what the proxy and the server saw of it. */
  const over = async <Load>(
    { toxics, silent }: LinkPlan,
    work: (link: ProxyHandle, take: number) => Promise<Load>,
  ) => {
    takes += 1;
    const take = takes;
    const link = await proxy.create({ name: `take ${take}`, upstream: `127.0.0.1:${port}`, toxics });
    using counter = countHandshakes(proxy, link.name);
    const load = await work(link, take);
    if (silent) await link.remove();
    const counts = await counter.take();
    if (!silent) await link.remove();
    const received = await server.run<Received>({ kind: 'received', take });
    return { load, proxy: counts, server: received.result };
  };
  return {
    send: (plan, job) =>
      over(plan, async (link, take) => {
        const grace = plan.silent ? graceMs.silent : graceMs.heard;
        const sends = { ...job, kind: 'sends', take, port: link.port, graceMs: grace };
        return (await loads.run<SendManyLoad>(sends)).result;
      }),
    async watch({ faultOf, silent, habit, patience, connections, everyMs, watchMs }) {
      const struckAt = new Map<number, number>();
      using _ = watchStrikes(proxy.subscribe, struckAt);
      const { load } = await over({ toxics: [], silent }, async (link, take) => {
        await loads.run({ kind: 'open', port: link.port, habit, patience, connections });
        for (let number = 1; number <= connections; number += 1) {
          const only = { connections: [number] };
          link.addToxic({ ...faultOf(number), name: `fault of ${number}`, only });
        }
        return (await loads.run<WatchLoad>({ kind: 'watch', take, everyMs, watchMs })).result;
      });
      const ahead = load.monotonicOffsetMs - monotonicOffset(clock);
      return { watched: load.watched.map((one) => onClock(one, ahead)), struckAt };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Of a clock that is so much ahead. */
function onClock({ port, failedAt, noticedAt }: Watched, aheadMs: number): Watched {
  return {
    port,
    ...(failedAt === undefined ? {} : { failedAt: failedAt - aheadMs }),
    ...(noticedAt === undefined ? {} : { noticedAt: noticedAt - aheadMs }),
  };
}

/** Keeps when each connection was first struck. */
function watchStrikes(
  subscribe: (listener: (event: ProxyEvent) => void) => () => void,
  struckAt: Map<number, number>,
): Disposable {
  const ports = new Map<number, number>();
  const unsubscribe = subscribe((event) => {
    if (event.connection === undefined) return;
    if (event.type === 'open') ports.set(event.connection, event.clientPort);
    const port = ports.get(event.connection);
    if (event.type === 'strike' && port !== undefined && !struckAt.has(port)) struckAt.set(port, event.at);
  });
  return { [Symbol.dispose]: unsubscribe };
}
