/** `npm run kills`: workers are killed at random, and the server once. */
import { isDeepStrictEqual } from 'node:util';
import { scriptArguments } from '../../../build/script-arguments.ts';
import { findNatsServer } from '../../support/nats-server.ts';
import { until } from '../../support/until.ts';
import { leftOver } from './crews.ts';
import { killWorkers } from './kill-workers.ts';
import { noNamespaces, openNamespaces } from './namespaces.ts';
import { embeddedStage, natsStage } from './stage.ts';

const help = `npm run kills [-- options]

Hands out many small units of work, kills workers at random, and the server once, and compares what comes back with
what one process comes to.

  --units N       units of work (10000)
  --workers N     workers (4)
  --every S       seconds between two kills (5)
  --seed N        seed of every random choice (1)
  --on ENGINE     nats, a server that is started for it, or embedded, which has no server to kill (nats)
  --namespaces    each worker with an address and a clock of its own; takes root, and nats
  --partition S   with --namespaces: cut one worker off for so many seconds (0, not at all)
  --help          print this

Exit codes: 0 nothing was lost or changed · 1 something was · 3 it could not be tried here · 64 wrong usage`;

const { values, number, refuse } = scriptArguments(help, {
  options: {
    units: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '4' },
    every: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    on: { type: 'string', default: 'nats' },
    namespaces: { type: 'boolean', default: false },
    partition: { type: 'string', default: '0' },
  },
});
const [units, workers, every, seed] = [
  number('units'),
  number('workers'),
  number('every'),
  number('seed', 0),
];
const partition = number('partition', 0);
if (values.on !== 'nats' && values.on !== 'embedded') refuse(`--on takes nats or embedded, not ${values.on}`);
if (values.namespaces && values.on === 'embedded') refuse('--namespaces is for --on nats');
if (partition > 0 && !values.namespaces) refuse('--partition needs --namespaces');

await using undone = new AsyncDisposableStack();
const where = values.namespaces ? undone.use(await openWhere(workers)) : undefined;
const stage = undone.use(await openStage(workers));
const outcome = await killWorkers({
  ...stage,
  units,
  workers,
  everyMs: every * 1_000,
  seed,
  ...(partition > 0 && where ? { cutOff: () => where.cut(0, partition * 1_000) } : {}),
  tell: (line) => console.log(line),
});
await stage.crew[Symbol.asyncDispose]();
const gone = await until(async () => (await leftOver()).length === 0).then(
  () => true,
  () => false,
);
const { expected, actual, distinct, kills, repeated, alarms, tookMs, left } = outcome;
console.log(
  `${distinct} distinct results of ${units} in ${(tookMs / 1_000).toFixed(1)} s, ${repeated} of them twice, ` +
    `${kills} workers killed${stage.killServer ? ', the server once' : ''}`,
);
const findings = {
  'every result once': distinct === units && actual.sums.length === units,
  'equal to one process': isDeepStrictEqual(actual.sums, expected.sums),
  [`the same ${expected.failures.length} failures in the same order`]: isDeepStrictEqual(
    actual.failures,
    expected.failures,
  ),
  'no determinism alarm': alarms === 0,
  'nothing left on the engine': left === 0,
  'no process left': gone,
};
for (const [what, holds] of Object.entries(findings)) console.log(`${holds ? '✓' : '✕'} ${what}`);
process.exitCode = Object.values(findings).every(Boolean) ? 0 : 1;

async function openStage(count: number) {
  if (values.on === 'embedded') return await embeddedStage(count);
  const program = await findNatsServer(console.log);
  if ('reason' in program) return fail(program.reason);
  return await natsStage(program.path, count, where);
}

async function openWhere(count: number) {
  const missing = noNamespaces();
  return missing === undefined ? await openNamespaces(count) : fail(missing);
}

function fail(why: string): never {
  console.error(why);
  process.exit(3);
}
