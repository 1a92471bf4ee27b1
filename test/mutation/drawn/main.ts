/**
 * `npm run mutation -- --sample 120 --seed 1 services/agent`: draws mutants of the services, plays each against the scenarios that
 * reach it, and says how many the lab noticed. `--resume` goes on with what was stopped. See CONTRIBUTING.md.
 */
import { parseArgs } from 'node:util';
import { interruptible } from '../../../harness/cli/interrupt.ts';
import { measure } from './measure.ts';
import { defaultPaths } from './sources.ts';
import { toTerminal } from './terminal.ts';

const usage = 64;

function readFlags() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: 'string', default: '120' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '1' },
      threshold: { type: 'string', default: '0' },
      out: { type: 'string', default: 'reports/mutation' },
      resume: { type: 'boolean', default: false },
    },
  });
  return {
    size: wholeNumber('--sample', values.sample, 1),
    seed: wholeNumber('--seed', values.seed, 0),
    jobs: wholeNumber('--jobs', values.jobs, 1),
    threshold: wholeNumber('--threshold', values.threshold, 0),
    out: values.out,
    resume: values.resume,
    paths: positionals.length > 0 ? positionals : defaultPaths,
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new RangeError(`${name} has to be a whole number, ${least} or more, and is ${text}`);
}

process.exitCode = await interruptible(async (signal) => {
  try {
    const flags = readFlags();
    const report = await measure(flags, { signal, announce: (line) => console.log(line) });
    for (const line of [...toTerminal(report), `${flags.out}/report.md`]) console.log(line);
    return report.score.percent >= flags.threshold ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof TypeError && 'code' in error)) throw error;
    console.error(error.message);
    return usage;
  }
});
