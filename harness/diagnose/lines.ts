/** A diagnosis for people: a line a step, with cause and remedy below the one that is broken. */
import { createColors } from 'picocolors';
import { showDuration } from '../report/text.ts';
import type { Diagnosis, StepResult } from './diagnose.ts';
import { stepTitles } from './step.ts';

const titleWidth = Math.max(...Object.values(stepTitles).map((title) => title.length));

/** The lines of a step. */
export function stepLines(step: StepResult, colour: boolean): string[] {
  const { green, red, yellow, dim, bold } = createColors(colour);
  const ms = 'ms' in step && step.ms !== undefined ? showDuration(step.ms) : '';
  const line = (mark: string, text: string): string =>
    `${mark} ${step.title.padEnd(titleWidth)}  ${ms.padStart(7)}  ${text}`.trimEnd();
  const below = (mark: string, text: string): string => `${' '.repeat(titleWidth + 13)}${mark} ${text}`;
  switch (step.outcome) {
    case 'holds':
      return [
        line(green('✓'), step.detail),
        ...(step.remarks ?? []).map((remark) => below(yellow('!'), remark)),
      ];
    case 'broken':
      return [line(red('✕'), bold(step.cause)), below('→', step.remedy)];
    case 'unknown':
      return [line(yellow('?'), bold(step.cause)), below('→', step.remedy)];
    case 'skipped':
      return [line(dim('–'), dim(`not looked at: ${step.reason}`))];
    case 'not tried':
      return [line(dim('–'), dim('not tried'))];
  }
}

/** The last line. */
export function verdictLine({ outcome, step, steps, url }: Diagnosis): string {
  const title = step === undefined ? '' : stepTitles[step];
  const untried = steps.filter((each) => each.outcome === 'not tried').length;
  const rest = untried > 0 ? `; ${untried} ${untried === 1 ? 'step' : 'steps'} behind it not tried` : '';
  switch (outcome) {
    case 'works':
      return `Everything that was looked at works: ${url}`;
    case 'broken':
      return `Broken at “${title}”${rest}`;
    case 'unknown':
      return `Not to be told at “${title}”${rest}`;
    case 'interrupted':
      return `Stopped${step === undefined ? '' : ` at “${title}”`}${rest}`;
  }
}
