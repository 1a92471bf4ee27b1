/**
 * A database server of its own, and pools in processes of their own, each over a link of its own. A fault strikes all at the
 * same moment.
 *
 *     pool, one a setting ──► proxy, one link each ──► MySQL or MariaDB
 */
import { type ProxyHandle, startProxy } from 'shaketable-proxy';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { findDatabase, type Schema, type StartedDatabase, startDatabase } from '../../../databases/index.ts';
import { freePort } from '../../../free-port.ts';
import type { PoolJob, PoolLoad } from '../../load/database/pool-load.ts';
import type { SettingsName } from '../../load/database/settings.ts';
import { type Helper, startHelper } from '../../processes/helper.ts';
import { monotonicOffset } from '../../processes/monotonic-offset.ts';
import type { FaultName } from './faults.ts';

/** What one pool, its link and the database saw. */
export interface PoolBatch {
  readonly load: PoolLoad;
  /** When the fault began and was over, on the load's clock, ms; undefined without one. */
  readonly fault: { readonly beganAt: number; readonly overAt: number } | undefined;
  /** Connections that the proxy accepted. */
  readonly connections: number;
  /** Numbers that the database has, and how often each. */
  readonly rows: ReadonlyMap<number, number>;
}

/** How long and how often the pools are asked. */
export interface PoolPlan {
  readonly fault: FaultName;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** When the fault begins. */
  readonly faultAfterMs: number;
  /** How long an outage of the link, or a slow statement, takes. */
  readonly faultMs: number;
}

export interface DatabaseRig extends AsyncDisposable {
  /** `MariaDB 10.11` or the like. */
  readonly server: string;
  /** All pools at once. */
  take(plan: PoolPlan): Promise<ReadonlyMap<SettingsName, PoolBatch>>;
}

export interface DatabaseRigOptions {
  readonly seed: number;
  /** The pools that take part. */
  readonly settings: readonly SettingsName[];
  /** May install a server where there is none. */
  readonly setUp: boolean;
  readonly announce?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** @throws LabError `LAB_DATABASE_MISSING` where there is no server, with how to get one */
export async function startDatabaseRig(options: DatabaseRigOptions): Promise<DatabaseRig> {
  const { seed, settings, setUp, announce = () => {}, signal, clock = systemClock() } = options;
  await using resources = new AsyncDisposableStack();
  const binary = await findDatabase({ setUp, announce });
  const database = resources.use(await startDatabase({ binary, announce, ...(signal ? { signal } : {}) }));
  const schema = await database.createSchema();
  const proxy = resources.use(await startProxy({ seed, clock }));
  const loads = new Map(settings.map((name) => [name, resources.use(startHelper('pool-load-main'))]));
  // A load that is still starting would miss the fault.
  const { port } = database;
  await Promise.all(
    [...loads].map(([name, load]) => load.run({ kind: 'warm', ...schema, settings: name, port })),
  );
  const owned = resources.move();
  let takes = 0;

  return {
    server: `${database.flavour} ${database.version}`,
    async take(plan) {
      takes += 1;
      const links = new Map<SettingsName, ProxyHandle>();
      for (const name of settings) {
        const upstream = `127.0.0.1:${database.port}`;
        // Switched off and on again, it has to find its port free: outgoing connections are given none of these.
        const listen = `127.0.0.1:${await freePort()}`;
        links.set(name, await proxy.create({ name: `${name} ${takes}`, listen, upstream }));
      }
      const accepted = new Map<string, number>();
      const unsubscribe = proxy.subscribe((event) => {
        if (event.type === 'open') accepted.set(event.proxy, (accepted.get(event.proxy) ?? 0) + 1);
      });
      try {
        return await takeAll({ plan, takes, database, schema, loads, links, accepted, clock });
      } finally {
        unsubscribe();
        for (const link of links.values()) await link.remove();
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface TakeContext {
  readonly plan: PoolPlan;
  readonly takes: number;
  readonly database: StartedDatabase;
  readonly schema: Schema;
  readonly loads: ReadonlyMap<SettingsName, Helper>;
  readonly links: ReadonlyMap<SettingsName, ProxyHandle>;
  readonly accepted: ReadonlyMap<string, number>;
  readonly clock: Clock;
}

async function takeAll(context: TakeContext): Promise<Map<SettingsName, PoolBatch>> {
  const { plan, takes, database, schema, loads, links, accepted, clock } = context;
  const tableOf = (name: SettingsName): string => `take_${takes}_${[...loads.keys()].indexOf(name)}`;
  const names = [...loads.keys()];
  for (const name of names)
    await database.query(`CREATE TABLE ${schema.database}.${tableOf(name)} (number INT NOT NULL)`);
  const { ratePerSecond, durationMs, faultAfterMs, faultMs } = plan;
  const slow = plan.fault === 'slow query' ? { afterMs: faultAfterMs, seconds: faultMs / 1_000 } : undefined;
  const startedAt = clock.now();
  const running = names.map(async (name): Promise<[SettingsName, PoolLoad]> => {
    const job: PoolJob = {
      ...schema,
      settings: name,
      port: links.get(name)?.port ?? 0,
      table: tableOf(name),
      ratePerSecond,
      durationMs,
      ...(slow ? { slow } : {}),
    };
    const done = await loads.get(name)?.run<PoolLoad>({ kind: 'pool', ...job });
    if (!done) throw new RangeError(`Expected a load for ${name}`);
    return [name, done.result];
  });
  const striking = strike(context, startedAt);
  const results = await Promise.all(running);
  const fault = await striking;
  const batches = new Map<SettingsName, PoolBatch>();
  for (const [name, load] of results) {
    const rows = await database.query(
      `SELECT number, COUNT(*) AS times FROM ${schema.database}.${tableOf(name)} GROUP BY number`,
    );
    const ahead = load.monotonicOffsetMs - monotonicOffset(clock);
    batches.set(name, {
      load,
      fault: fault && { beganAt: fault.beganAt + ahead, overAt: fault.overAt + ahead },
      connections: accepted.get(links.get(name)?.name ?? '') ?? 0,
      rows: new Map(rows.map(({ number, times }) => [Number(number), Number(times)])),
    });
  }
  return batches;
}

/** Does what the fault is, and says when it began and was over. */
async function strike(
  { plan, database, schema, links, clock }: TakeContext,
  startedAt: number,
): Promise<{ beganAt: number; overAt: number } | undefined> {
  const { fault, faultAfterMs, faultMs } = plan;
  if (fault === 'healthy') return undefined;
  await clock.sleep(Math.max(0, startedAt + faultAfterMs - clock.now()));
  const beganAt = clock.now();
  if (fault === 'killed') await database.killConnections({ user: schema.user });
  else if (fault === 'restart') await database.restart({ graceful: false });
  else if (fault === 'slow query') await clock.sleep(faultMs);
  else {
    for (const link of links.values()) {
      if (fault === 'cut') await link.update({ enabled: false });
      else link.addToxic({ type: 'stall', name: 'outage', stream: 'both' });
    }
    await clock.sleep(faultMs);
    for (const link of links.values()) {
      if (fault === 'cut') await link.update({ enabled: true });
      else link.removeToxic('outage');
    }
  }
  return { beganAt, overAt: clock.now() };
}
