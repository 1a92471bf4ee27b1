/** `websocket`: what a send is worth, and how soon a client knows that its connection is not. */
import type { Row, Table } from '../../bench-result.ts';
import { type HabitName, habits, type Patience } from '../../load/websocket/habits.ts';
import type { Pair } from '../../rounds/compare-rows.ts';
import { comparing, judgeRows } from '../../rounds/judge-rows.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds, type Variant } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { type FaultKind, faultKinds, lossy } from './faults.ts';
import { startWebSocketRig, type WebSocketRig } from './rig.ts';
import { takeOfFaults, takeOfSends, websocketUnits } from './take.ts';

export const websocket: Workload = {
  name: 'websocket',
  title: 'WebSocket: messages/s, time from a fault to a failed send, sends lost in silence',
  seconds: { quick: 13, full: 250 },
  run,
};

/** How much of each there is in a take. */
interface Amount {
  readonly patience: Patience;
  readonly connections: number;
  readonly watchMs: number;
  readonly messages: number;
  readonly sends: number;
  readonly faultsAmong: number;
}

const quickly: Amount = {
  patience: { pingEveryMs: 100, pongWithinMs: 100, acknowledgedWithinMs: 100 },
  connections: 5,
  watchMs: 300,
  messages: 2_000,
  sends: 2_000,
  faultsAmong: 400,
};
const fully: Amount = {
  patience: { pingEveryMs: 500, pongWithinMs: 500, acknowledgedWithinMs: 500 },
  connections: 20,
  watchMs: 2_000,
  messages: 20_000,
  sends: 100_000,
  faultsAmong: 5_000,
};
/** What any of the habits can send on a machine with others on it. */
const perSecond = 10_000;
const faultAtMs = 100;
const betweenSendsMs = 5;
const healthyLink = { toxics: [], silent: false };
const names = Object.keys(habits) as HabitName[];

async function run(context: BenchContext): Promise<Measured> {
  const { quick } = context;
  const amount = quick ? quickly : fully;
  await using rig = await startWebSocketRig({ seed: context.seed });
  const timed = [...names.map((name) => rateVariant(rig, name, amount)), ...faultVariants(rig, amount)];
  const again = rateVariant(rig, 'callback', amount);
  const control = { ...again, id: 'control' };
  const counted = [...faultKinds, lossy].flatMap((fault) =>
    names.map((name) => sendsVariant(rig, fault, name, amount)),
  );
  const pairs = pairsOf();
  const compare = comparing(context);
  const shares = { timed: (timed.length + 1) * (quick ? 2 : 7), counted: counted.length };
  const all = shares.timed + shares.counted;

  const takes = await takeRounds({
    ...context,
    variants: [...timed, control],
    fewest: quick ? 2 : 6,
    discard: quick ? 0 : 1,
    enough: (so) => {
      const rows = rowsOf(so);
      const decided = compare(rows, pairs).every(({ decision }) => decision !== 'undecided');
      return decided && context.isDecided(websocket.name, rows);
    },
    onProgress: ({ done, of, variant }) =>
      context.progress.step(done, Math.max(all, of + shares.counted), variant),
  });
  // Counts of what is lost are no matter of a slow minute: once is enough.
  const losses = await takeRounds({
    ...context,
    variants: counted,
    fewest: 1,
    discard: 0,
    enough: () => true,
    onProgress: ({ done, variant }) => context.progress.step(shares.timed + done, all, variant),
  });
  const judged = judgeRows(
    rowsOf(takes),
    { id: again.id, again: control.id, of: 'thousand' },
    pairs,
    context,
  );
  return {
    rounds: takes.get(again.id)?.length ?? 0,
    tables: tables(amount),
    ...judged,
    rows: [...judged.rows, ...rowsOf(losses)],
    notes: notesOf(amount),
  };
}

const rowsOf = (takes: ReadonlyMap<string, readonly Take[]>): Row[] =>
  [...takes].map(([id, rounds]) => summarizeRow(id, rounds, websocketUnits));

function rateVariant(rig: WebSocketRig, habit: HabitName, { patience, messages }: Amount): Variant<Take> {
  const job = { habit, patience: unhurried(patience), count: messages, perSecond: 0 };
  return {
    id: `rate: ${habit}`,
    take: async () => takeOfSends(true, await rig.send(healthyLink, job)),
  };
}

/** On a healthy link nobody is to lose patience because the machine is slow. */
const unhurried = (patience: Patience): Patience => ({
  ...patience,
  pongWithinMs: 10_000,
  acknowledgedWithinMs: 10_000,
});

function faultVariants(rig: WebSocketRig, amount: Amount): Variant<Take>[] {
  const { patience, connections, watchMs } = amount;
  return faultKinds.flatMap(({ name, silent, atAge }) =>
    names.map((habit) => {
      const sending = { everyMs: betweenSendsMs, watchMs: faultAtMs + patience.pingEveryMs + watchMs };
      const faultOf = (number: number) => atAge(ageOf(number, amount));
      return {
        id: `after ${name}: ${habit}`,
        take: async () =>
          takeOfFaults(
            await rig.watch({ habit, patience, connections, silent, faultOf, ...sending }),
            watchMs,
          ),
      };
    }),
  );
}

/** When each connection meets the fault: all phases of an interval of pings. */
export function ageOf(
  number: number,
  { connections, patience: { pingEveryMs } }: Pick<Amount, 'connections' | 'patience'>,
): number {
  return Math.round(faultAtMs + (pingEveryMs * (number - 0.5)) / connections);
}

function sendsVariant(
  rig: WebSocketRig,
  { name, silent, among }: FaultKind,
  habit: HabitName,
  { patience, sends, faultsAmong }: Amount,
): Variant<Take> {
  const link = { toxics: [among(faultsAmong)], silent };
  return {
    id: `sends, ${name}: ${habit}`,
    take: async () => takeOfSends(false, await rig.send(link, { habit, patience, count: sends, perSecond })),
  };
}

function pairsOf(): Pair[] {
  return [
    ...names.slice(1).map((name) => ({
      base: 'rate: send',
      other: `rate: ${name}`,
      of: 'thousand',
      title: `a message: send → ${name}`,
    })),
    {
      base: 'after silent: callback, ping',
      other: 'after silent: acks, ping',
      of: 'failure',
      title: 'silent, until a send fails: ping → acks',
    },
  ];
}

function tables({ sends }: Amount): Table[] {
  return [
    {
      title: 'messages/s over a healthy link, and ms for a thousand',
      rows: 'rate',
      columns: [
        { title: 'msg/s', of: 'rate', digits: 0 },
        { title: 'p50', of: 'thousand', take: 'p50', digits: 1 },
      ],
    },
    {
      title: 'ms from the fault: until a send fails explicitly, until the client knows',
      rows: 'after',
      columns: [
        { title: 'fails', of: 'failure', take: 'p50', digits: 1 },
        { title: 'p90', of: 'failure', take: 'p90', digits: 1 },
        { title: 'knows', of: 'notice', take: 'p50', digits: 1 },
        { title: 'p90', of: 'notice', take: 'p90', digits: 1 },
        { title: 'never', of: 'unnoticed', digits: 0 },
        { title: 'of', of: 'watched', digits: 0 },
      ],
    },
    {
      title: `of ${sends.toLocaleString('en')} sends: lost in silence, failed, failed and arrived`,
      rows: 'sends',
      columns: [
        { title: 'silent', of: 'silent', digits: 0 },
        { title: 'failed', of: 'failures', digits: 0 },
        { title: 'arrived', of: 'arrived', digits: 0 },
        { title: 'conn.', of: 'connections', digits: 0 },
        { title: 'strikes', of: 'strikes', digits: 0 },
      ],
    },
  ];
}

function notesOf({ patience, faultsAmong, watchMs }: Amount): string[] {
  const { pingEveryMs, pongWithinMs, acknowledgedWithinMs } = patience;
  return [
    'send: ws.send alone, which tells only what it throws. callback: with its callback. ping: and the connection is ended when a pong is late. acks: a send has succeeded once the server has acknowledged it.',
    `A ping every ${pingEveryMs} ms, its pong within ${pongWithinMs} ms, an acknowledgement within ${acknowledgedWithinMs} ms: times to notice a silent peer grow with them. In the field 15 to 30 s are usual.`,
    `Each connection sends every ${betweenSendsMs} ms and meets the fault between two pings, early in one case and late in another; it is watched for ${watchMs / 1_000} s more. The fault is dated by the proxy, what the client knows by the client.`,
    `Lost in silence are messages whose send reported success, or nothing, and which the server never had, by their numbers; at most ${perSecond.toLocaleString('en')} sends a second, a connection is made again at once. Each connection is reset, closed or silent after about ${faultsAmong.toLocaleString('en')} messages; lost takes each message whose number is a multiple of that away on a connection that lives on.`,
  ];
}
