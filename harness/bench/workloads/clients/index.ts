/** `clients`: what libraries that people send requests with cost, and what each does by itself when something breaks. */
import { missingPackage } from '../../../optional-packages.ts';
import type { Row, Table } from '../../bench-result.ts';
import { type LibraryName, libraryNames, packageOf } from '../../load/clients/index.ts';
import { absentRow } from '../../rounds/absent-row.ts';
import type { Pair } from '../../rounds/compare-rows.ts';
import { comparing, judgeRows } from '../../rounds/judge-rows.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds, type Variant } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { type BehavePlan, behave } from './behave.ts';
import { type ClientsRig, startClientsRig } from './rig.ts';
import { clientsUnits, takeOfBehaviour, takeOfRate } from './take.ts';

export const clients: Workload = {
  name: 'clients',
  title: 'libraries for requests: latency, handshakes, and what each does when something breaks',
  seconds: { quick: 14, full: 140 },
  run,
};

/** At 20 ms of round trip two requests are under way at a time. */
const ratePerSecond = 100;
const base: LibraryName = 'https keep-alive';

async function run(context: BenchContext): Promise<Measured> {
  const { quick, progress, clock } = context;
  await using rig = await startClientsRig({ seed: context.seed });
  const missing = new Map(libraryNames.flatMap((name) => howToGet(name)));
  const names = libraryNames.filter((name) => !missing.has(name));
  const durationMs = quick ? 300 : 2_000;
  const variants = names.map((name) => rateVariant(rig, name, durationMs));
  const control = { ...rateVariant(rig, base, durationMs), id: 'control' };
  const compare = comparing(context);

  const takes = await takeRounds({
    ...context,
    variants: [...variants, control],
    fewest: quick ? 1 : 6,
    discard: quick ? 0 : 1,
    enough: (so) => {
      const rows = rowsOf(so);
      const decided = compare(rows, pairsOf(names)).every(({ decision }) => decision !== 'undecided');
      return decided && context.isDecided(clients.name, rows);
    },
    onProgress: ({ done, of, variant }) => progress.step(done, of + 1, variant),
  });
  const plan = planOf(context);
  const rounds = takes.get(base)?.length ?? 0;
  const of = (rounds + (quick ? 0 : 1)) * (names.length + 1) + 1;
  progress.step(of - 1, of, 'what each does when something breaks');
  const behaviours = await Promise.all(
    names.map(async (name) => [name, await behave(rig, name, plan, clock)] as const),
  );
  context.signal.throwIfAborted();
  const seen = await rig.takeSeen();
  for (const [name, behaviour] of behaviours) takes.get(name)?.push(takeOfBehaviour(name, behaviour, seen));

  const judged = judgeRows(
    rowsOf(takes),
    { id: base, again: control.id, of: 'service' },
    pairsOf(names),
    context,
  );
  return {
    rounds,
    tables: tables(plan),
    ...judged,
    rows: [...judged.rows, ...[...missing].map(([id, how]) => absentRow(id, how))],
    notes: notesOf(plan),
  };
}

const rowsOf = (takes: ReadonlyMap<string, readonly Take[]>): Row[] =>
  [...takes].map(([id, rounds]) => summarizeRow(id, rounds, clientsUnits));

function rateVariant(rig: ClientsRig, library: LibraryName, durationMs: number): Variant<Take> {
  return {
    id: library,
    take: async () => takeOfRate(await rig.rate({ library, ratePerSecond, durationMs })),
  };
}

const pairsOf = (names: readonly LibraryName[]): Pair[] =>
  names
    .filter((name) => name !== base)
    .map((name) => ({ base, other: name, of: 'service', title: `${base} → ${name}` }));

/** A library that is not installed, with how to get it. */
function howToGet(name: LibraryName): [LibraryName, string][] {
  const needed = packageOf(name);
  const how = needed === undefined ? undefined : missingPackage(needed);
  return how === undefined ? [] : [[name, how]];
}

/** With `--pace real` longer than the longest time-out of these libraries, which is undici's 300 s. */
function planOf({ quick, pace }: BenchContext): BehavePlan {
  if (pace === 'real') return { times: 10, silentMs: 330_000, otherMs: 5_000 };
  return quick
    ? { times: 2, silentMs: 1_900, otherMs: 1_900 }
    : { times: 10, silentMs: 12_000, otherMs: 5_000 };
}

function tables({ times }: BehavePlan): Table[] {
  return [
    {
      title: 'ms of a request over 20 ms; connections, handshakes of a round; cpu ms of a request',
      columns: [
        { title: 'p50', of: 'service', take: 'p50', digits: 1 },
        { title: 'p99', of: 'service', take: 'p99', digits: 1 },
        { title: 'late', of: 'scheduleError', take: 'p99', digits: 1 },
        { title: 'conn.', of: 'connections', digits: 0 },
        { title: 'full', of: 'full', digits: 0 },
        { title: 'resum.', of: 'resumed', digits: 0 },
        { title: 'cpu C', of: 'clientCpu', digits: 2 },
      ],
    },
    {
      title: `when something breaks: failed of ${times} on an idle connection that is reset (GET, POST); ms until an error in silence, and where nobody shakes hands; ms waited after 503; of ${times} applied twice (GET, POST)`,
      columns: [
        { title: 'iG', of: 'idleGet', digits: 0 },
        { title: 'iP', of: 'idlePost', digits: 0 },
        { title: 'silence', of: 'silent', take: 'p50', digits: 0 },
        { title: 'nobody', of: 'nobody', take: 'p50', digits: 0 },
        { title: '503', of: 'wait503', take: 'p50', digits: 0 },
        { title: '2G', of: 'twiceGet', digits: 0 },
        { title: '2P', of: 'twicePost', digits: 0 },
      ],
    },
  ];
}

function notesOf({ silentMs }: BehavePlan): string[] {
  return [
    `Libraries as they come: no time-out, no retries, no agent is set but keep-alive on and off of node:https. By a schedule of ${ratePerSecond} requests a second; a request is timed from when the library has it. Each round is a new process without connections or sessions, which has sent 40 requests elsewhere.`,
    'Connections and handshakes are the proxy’s, requests the server’s; a row is void unless load, proxy and server agree. What a library says it did is not believed.',
    `An idle connection is forgotten on the way, so that the next write is answered by a reset; failed is what reached the caller, 0 a library that asked again by itself, – one that keeps no connection. In silence: the connection is open, and nothing comes; – is none within ${silentMs / 1_000} s${silentMs < 300_000 ? ', --pace real waits for 330 s' : ''}.`,
    '503 comes with Retry-After: 1; the wait is between two arrivals at the server, – is a client that leaves it to the caller. Applied twice: the server applied it and the answer was lost, and it was sent again.',
  ];
}
