/** `npm run soak -- --minutes 60 --seed 4711 --connections 48`. Ends with 1 when anything went wrong. */
import { parseArgs } from 'node:util';
import { mib } from '../resources.ts';
import { runSoak } from './soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    connections: { type: 'string', default: '48' },
  },
});
const [minutes, seed, connections] = [values.minutes, values.seed, values.connections].map(Number);
if (!minutes || seed === undefined || Number.isNaN(seed) || !connections) {
  console.error('Expected --minutes, --seed and --connections to be numbers');
  process.exit(3);
}

console.log(`Soak of ${minutes} min with seed ${seed} over ${connections} connections at once`);
const { exchanges, bytes, steps, memory, errors } = await runSoak({
  durationMs: minutes * 60_000,
  seed,
  connections,
  reportEveryMs: 60_000,
  tell: (line) => console.log(line),
});
console.log(`${exchanges} exchanges, ${(bytes / 1e6).toFixed(1)} MB, ${steps} changes of toxics`);
console.log(
  `Memory: ${mib(memory.secondQuarterMedian)} in the second quarter, ${mib(memory.lastQuarterMedian)} in the last ` +
    `(medians), ${mib(memory.highest)} at most: ${memory.flat ? 'flat' : 'NOT FLAT'}`,
);
console.log(errors.length === 0 ? 'No byte was lost or wrong.' : `${errors.length} errors`);
process.exitCode = errors.length === 0 && memory.flat ? 0 : 1;
