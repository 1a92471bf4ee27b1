/**
 * `shaketable diagnose`: walks from the name of a server to the heartbeat of an agent, and names the first broken step with cause
 * and remedy (R2.12).
 */
import { systemClock } from 'shaketable-proxy/clock';
import { type Diagnosis, diagnoseUntil } from '../diagnose/diagnose.ts';
import { stepLines, verdictLine } from '../diagnose/lines.ts';
import { readTarget, type TargetOptions } from '../diagnose/target.ts';
import { interruptible } from './interrupt.ts';

interface DiagnoseFlags extends TargetOptions {
  /** Seconds. */
  readonly timeout: number;
  readonly wait?: number | true;
  readonly json: boolean;
}

/** Seconds. */
const usualWait = 300;

const exitCodes = { works: 0, broken: 1, unknown: 2, interrupted: 130 } as const;

export async function diagnoseCommand(flags: DiagnoseFlags): Promise<number> {
  const target = readTarget(flags);
  const { json } = flags;
  const wait = flags.wait === true ? usualWait : flags.wait;
  const clock = systemClock();
  return await interruptible(async (signal) => {
    const print = (diagnosis: Pick<Diagnosis, 'steps'>): void => {
      for (const step of diagnosis.steps) for (const line of stepLines(step, hasColour())) console.log(line);
    };
    // Walks that are taken again are printed when they are over, the last one whole.
    const asItGoes = !json && wait === undefined;
    if (!json) console.log(`${target.shown}\n`);
    const diagnosis = await diagnoseUntil((wait ?? 0) * 1_000, target, {
      clock,
      timeoutMs: flags.timeout * 1_000,
      signal,
      ...(asItGoes ? { onStep: (step) => print({ steps: [step] }) } : {}),
      onWait: (so, walk) => console.error(`waiting (${walk}): ${causeOf(so)}`),
    });
    if (json) console.log(JSON.stringify(diagnosis, null, 2));
    else {
      if (!asItGoes) print(diagnosis);
      console.log(`\n${verdictLine(diagnosis)}`);
    }
    return exitCodes[diagnosis.outcome];
  });
}

function causeOf({ steps, step }: Diagnosis): string {
  const last = steps.find(({ id }) => id === step);
  return last !== undefined && 'cause' in last ? last.cause : '';
}

const hasColour = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR;
