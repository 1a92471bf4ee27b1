/** `database`: what pools of connections do when connections are killed, the server or the link is away, or a query is slow. */
import { missingPackage } from '../../../optional-packages.ts';
import type { Row, Table } from '../../bench-result.ts';
import { type SettingsName, settingsNames } from '../../load/database/settings.ts';
import { absentRow } from '../../rounds/absent-row.ts';
import type { Pair } from '../../rounds/compare-rows.ts';
import { judgeRows } from '../../rounds/judge-rows.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { type FaultName, faultNames } from './faults.ts';
import { type PoolPlan, startDatabaseRig } from './rig.ts';
import { databaseUnits, healthyWithinMs, takeOfPool } from './take.ts';

export const database: Workload = {
  name: 'database',
  title: 'pools of mysql2 and mariadb: time to a connection, and until healthy again after a fault',
  seconds: { quick: 15, full: 260 },
  run,
};

/** Below what two connections can take, and more than a queue of 20 holds during a fault. */
const ratePerSecond = 100;
const quickly = { ratePerSecond, durationMs: 1_800, faultAfterMs: 300, faultMs: 700 };
const fully = { ratePerSecond, durationMs: 5_000, faultAfterMs: 1_000, faultMs: 1_500 };
const control = 'control';

type Takes = Readonly<Record<string, Take>>;

async function run(context: BenchContext): Promise<Measured> {
  const { quick, seed, setUp, signal, progress } = context;
  const missing = missingPackage('mariadb');
  const settings = settingsNames.filter((name) => name !== 'mariadb' || missing === undefined);
  await using rig = await startDatabaseRig({ seed, settings, setUp, signal, announce: progress.note });
  const plan = quick ? quickly : fully;
  const variants = [...faultNames, control].map((id) => ({
    id,
    take: async (): Promise<Takes> => {
      const fault = id === control ? 'healthy' : (id as FaultName);
      const batches = await rig.take({ ...plan, fault });
      return Object.fromEntries([...batches].map(([name, batch]) => [name, takeOfPool(batch)]));
    },
  }));
  const takes = await takeRounds<Takes>({
    ...context,
    variants,
    fewest: quick ? 1 : 6,
    discard: quick ? 0 : 1,
    enough: (so) => context.isDecided(database.name, rowsOf(so)),
    onProgress: ({ done, of, variant }) => progress.step(done, of, variant),
  });
  const again = { id: idOf('healthy', 'default'), again: idOf(control, 'default'), of: 'acquire' };
  const judged = judgeRows(rowsOf(takes), again, pairs, context);
  return {
    rounds: takes.get('healthy')?.length ?? 0,
    tables: tables(plan),
    ...judged,
    rows: [
      ...judged.rows.filter(({ id }) => !id.startsWith(control)),
      ...(missing === undefined ? [] : [absentRow('mariadb', missing)]),
    ],
    notes: notesOf(plan, rig.server),
  };
}

const idOf = (fault: string, settings: SettingsName): string => `${fault}: ${settings}`;

/** A row for each fault and pool. */
function rowsOf(takes: ReadonlyMap<string, readonly Takes[]>): Row[] {
  return [...takes].flatMap(([fault, rounds]) =>
    settingsNames.flatMap((name) => {
      const own = rounds.flatMap((round) => round[name] ?? []);
      return own.length > 0 ? [summarizeRow(idOf(fault, name), own, databaseUnits)] : [];
    }),
  );
}

/** What is measured where something breaks, beside what nobody chose. */
const pairs: readonly Pair[] = faultNames
  .filter((fault) => fault !== 'healthy')
  .flatMap((fault) =>
    settingsNames.slice(1).map((name) => ({
      base: idOf(fault, 'default'),
      other: idOf(fault, name),
      of: 'back',
      title: `${fault}, until healthy: → ${name}`,
    })),
  );

function tables({ durationMs }: typeof quickly): Table[] {
  return [
    {
      title: `ms to acquire a connection, ms from the fault until healthy again; of ${(ratePerSecond * durationMs) / 1_000} requests: failed, failed though applied`,
      columns: [
        { title: 'p50', of: 'acquire', take: 'p50', digits: 2 },
        { title: 'p99', of: 'acquire', take: 'p99', digits: 1 },
        { title: 'healthy', of: 'back', take: 'p50', digits: 0 },
        { title: 'failed', of: 'failures', digits: 0 },
        { title: 'applied', of: 'unknown', digits: 0 },
        { title: 'conn.', of: 'connections', digits: 0 },
      ],
    },
  ];
}

function notesOf({ faultMs }: Omit<PoolPlan, 'fault'>, server: string): string[] {
  return [
    `${server}, ${ratePerSecond} requests a second for each pool by a schedule, without TLS. Each takes a connection, inserts its number and gives it back; what failed is not sent again. One connection that fails is destroyed.`,
    'default: mysql2 as it comes, 10 connections and an endless queue. limit 2: two connections. queue 20: a queue of 20. time-outs: 500 ms to connect and for a statement. ping first: the same, and a connection is pinged before it is used. mariadb: the connector of that name as it comes.',
    `killed: all connections by KILL. restart: the server is killed and started again. cut: the link refuses and resets for ${faultMs} ms. silent: nothing passes for ${faultMs} ms, then everything. slow query: as many SLEEPs of ${faultMs} ms as the pool has connections.`,
    `Healthy again is when each further request succeeds within ${healthyWithinMs} ms of its plan; – is not within the take. Applied are requests that failed for the caller and whose number the database has. Pools are struck at the same moment.`,
  ];
}
