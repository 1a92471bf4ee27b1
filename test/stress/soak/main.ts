/** `npm run soak`: the fault proxy under random toxics for as long as one likes. */
import { scriptArguments } from '../../../build/script-arguments.ts';
import { mib } from '../resources.ts';
import { runSoak } from './soak.ts';

const help = `npm run soak [-- options]

Adds, changes and removes random toxics under load, and compares every byte. Says each minute how far it is.

  --minutes N       how long (60)
  --seed N          seed of every random choice (1)
  --connections N   connections at once (48)
  --help            print this

Exit codes: 0 every byte was right and memory stayed flat · 1 something was wrong · 64 wrong usage`;

const { number } = scriptArguments(help, {
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    connections: { type: 'string', default: '48' },
  },
});
const [minutes, seed, connections] = [number('minutes'), number('seed', 0), number('connections')];

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
