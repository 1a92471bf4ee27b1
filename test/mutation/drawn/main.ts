/** `npm run mutation`: draws mutants of the services, and says how many the lab noticed. See CONTRIBUTING.md. */
import { scriptArguments, wrongUsage } from '../../../build/script-arguments.ts';
import { interruptible } from '../../../harness/cli/interrupt.ts';
import { measure } from './measure.ts';
import { defaultPaths } from './sources.ts';
import { toTerminal } from './terminal.ts';

const help = `npm run mutation [-- [PATH…] [options]]

Draws mutants of the services, plays each against the scenarios that reach it, and says how many the lab noticed: an hour
for 120 on two cores. PATH: files or folders to draw from; ${defaultPaths.join(' ')} unless some are named.

  --sample N            mutants to draw (120)
  --seed N              seed of the draws (1)
  --jobs N              mutants that are played at once (1)
  --threshold PERCENT   end with 1 where fewer are noticed (0)
  --out DIR             directory for the report (reports/mutation)
  --resume              go on with what was stopped
  --help                print this

Exit codes: 0 measured · 1 fewer than --threshold · 64 wrong usage · 130 stopped`;

const { values, positionals, number } = scriptArguments(help, {
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
const flags = {
  size: number('sample'),
  seed: number('seed', 0),
  jobs: number('jobs'),
  threshold: number('threshold', 0),
  out: values.out,
  resume: values.resume,
  paths: positionals.length > 0 ? positionals : defaultPaths,
};

process.exitCode = await interruptible(async (signal) => {
  try {
    const report = await measure(flags, { signal, announce: (line) => console.log(line) });
    for (const line of [...toTerminal(report), `${flags.out}/report.md`]) console.log(line);
    return report.score.percent >= flags.threshold ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    return wrongUsage;
  }
});
