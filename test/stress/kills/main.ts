/**
 * `npm run kills -- --units 10000 --workers 4 --every 5 --seed 1 --on nats`: workers are killed at random, and the server once. Ends
 * with 1 when anything was lost or changed. `--namespaces` gives each worker an address and a clock of its own, which takes root;
 * `--partition 30` cuts one of them off for so many seconds.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { findNatsServer } from '../../support/nats-server.ts';
import { until } from '../../support/until.ts';
import { leftOver } from './crews.ts';
import { killWorkers } from './kill-workers.ts';
import { noNamespaces, openNamespaces } from './namespaces.ts';
import { embeddedStage, natsStage } from './stage.ts';

const { values } = parseArgs({
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
const [units, workers, every, seed] = [values.units, values.workers, values.every, values.seed].map(Number);
if (!units || !workers || !every || seed === undefined || Number.isNaN(seed))
  fail('Expected --units, --workers, --every and --seed to be numbers');

await using undone = new AsyncDisposableStack();
const where = values.namespaces ? undone.use(await openWhere(workers)) : undefined;
const stage = undone.use(await openStage(workers));
const outcome = await killWorkers({
  ...stage,
  units,
  workers,
  everyMs: every * 1_000,
  seed,
  ...(Number(values.partition) > 0 && where
    ? { cutOff: () => where.cut(0, Number(values.partition) * 1_000) }
    : {}),
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
