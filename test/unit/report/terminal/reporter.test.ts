import { expect, it } from 'vitest';
import { LabError } from '../../../../harness/errors.ts';
import {
  createTerminalReporter,
  type TerminalReporterOptions,
} from '../../../../harness/report/terminal/reporter.ts';
import type { Clock } from '../../../../proxy/core/clock.ts';
import { check, fixtureRun, hostile, runOf, scenario, subject } from '../fixture-run.ts';

const start = {
  id: 'r',
  seed: 7,
  world: 'local',
  pace: 20,
  scenarios: 2,
  database: 'MariaDB 10.11',
} as const;

/** A clock that a test moves: the pending sleep ends when it says so. */
function manualClock() {
  let now = 0;
  let wake: (() => void) | undefined;
  const clock: Clock = {
    now: () => now,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        wake = resolve;
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const tick = async (ms: number): Promise<void> => {
    now += ms;
    wake?.();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { clock, tick };
}

function reporterInto(options: TerminalReporterOptions = {}) {
  const written: string[] = [];
  const { clock, tick } = manualClock();
  const stream = { write: (text: string) => written.push(text) };
  const reporter = createTerminalReporter({
    stream,
    colour: false,
    isTty: false,
    columns: 60,
    clock,
    ...options,
  });
  return { reporter, tick, text: () => written.join('') };
}

it('writes plain lines where nothing can be taken back', () => {
  const { reporter, text } = reporterInto();

  reporter.note('left by an earlier run: nothing');
  reporter.runStarted(start);
  reporter.scenarioStarted('a/b');
  reporter.scenarioFinished(scenario('a/b'));
  reporter.runFinished(runOf([scenario('a/b')]), 'reports/r');

  expect(text().split('\n')).toEqual([
    'left by an earlier run: nothing',
    'Shaketable r: 2 scenarios · world local · seed 7 · 20 × real time · MariaDB 10.11',
    '',
    `✓ ${'a/b'.padEnd(48)} naive fails: handshakes 12/12 · hardened passes   2.1 s`,
    '',
    '✓ as expected: 1 of 1 scenario as expected',
    '  2 checks, 0 fault strikes, 1 min 1 s, seed 7',
    '  report  reports/r/index.html',
    '  exit    0: naive failed as the field reported and hardened passed, in every scenario',
    '',
  ]);
});

it('lets no control character of a subject through', () => {
  const { reporter, text } = reporterInto();
  const failing = subject('hardened', [check('quiet', 'fail', { measured: hostile })]);

  reporter.note(hostile);
  reporter.scenarioFinished(scenario('a/b', { asExpected: false, subjects: [failing], replay: hostile }));

  expect(text().replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
});

it('prints why below a scenario that is not as expected, with the command that plays it again', () => {
  const { reporter, text } = reporterInto();
  const failing = subject('hardened', [check('quiet', 'fail', { measured: 3, expected: 'at most 0' })]);

  reporter.scenarioFinished(scenario('a/b', { asExpected: false, subjects: [failing] }));

  expect(text()).toContain('    hardened fails quiet: measured 3, expected at most 0\n');
  expect(text()).toContain('    replay: npm run lab -- a/b --seed 7\n');
});

it('says what the exit code means, and which figures are not borne out', () => {
  const { reporter, text } = reporterInto();

  reporter.runFinished(fixtureRun().run, 'reports/r');

  expect(text()).toContain(
    '✕ not as expected: 2 of 4 scenarios as expected, 1 not as expected, 1 inconclusive',
  );
  expect(text()).toContain('2 of 3 reported figures borne out; not borne out: mean request latency');
  expect(text()).toContain('exit    1: ');
});

it('says that the lab broke rather than what an exit code of the verdict means', () => {
  const { reporter, text } = reporterInto();

  reporter.runFinished(fixtureRun().run, 'reports/r', new LabError('LAB_DISK_FULL', 'no room'));

  expect(text()).toContain('exit    3: the lab could not do its work (LAB_DISK_FULL)');
});

it('moves one line on a terminal, cut to its width, and takes it away at the end', async () => {
  const { reporter, tick, text } = reporterInto({ isTty: true });

  reporter.runStarted(start);
  reporter.scenarioStarted(`a/${'long'.repeat(30)}`);
  await tick(3_000);
  const moving = text();
  reporter.scenarioFinished(scenario('a/b'));
  reporter.runFinished(runOf([scenario('a/b')]), 'reports/r');

  const frames = moving.split('\r\u001b[2K');
  expect(frames.at(-1)).toMatch(/0\/2 · 3 s · a\/long/);
  expect(Math.max(...frames.map((frame) => frame.split('\n').at(-1)?.length ?? 0))).toBeLessThan(60);
  expect(text()).toContain('\r\u001b[2K✓ a/b');
  expect(text().slice(text().lastIndexOf('\r\u001b[2K'))).not.toMatch(/\d\/2 ·/);
});

it('falls silent once disposed, and may be disposed twice', async () => {
  const { reporter, tick, text } = reporterInto({ isTty: true });
  reporter.runStarted(start);

  reporter[Symbol.dispose]();
  reporter[Symbol.dispose]();
  const before = text();
  await tick(1_000);

  expect(text()).toBe(before);
  expect(before.endsWith('\r\u001b[2K')).toBe(true);
});

it('colours outcomes only when asked to', () => {
  const { reporter, text } = reporterInto({ colour: true });

  reporter.scenarioFinished(scenario('a/b'));

  expect(text()).toContain('\u001b[32m✓\u001b[39m');
});
