/**
 * Tells a run in the terminal while it takes place: a line for each finished scenario, and on a terminal one line of
 * progress that moves. In a log file there is nothing but lines.
 */
import pico from 'picocolors';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import type { LabError } from '../../errors.ts';
import type { WorldName } from '../../world-list.ts';
import type { ChangeReport } from '../history/change-section.ts';
import type { RunResult, ScenarioResult } from '../run-result.ts';
import { count, oneLine, showDuration } from '../text.ts';
import { changedLines, runLines, scenarioLines } from './lines.ts';
import { createLiveLine, createPlainLines, isLive, type TextSink } from './live-line.ts';

export interface TerminalReporterOptions {
  /** @default process.stdout */
  readonly stream?: TextSink & { isTTY?: boolean; columns?: number };
  /** Whether lines can be rewritten. @default whether the stream is a terminal, and not in CI */
  readonly isTty?: boolean;
  /** Whether to use colour. @default whether the stream is a terminal, and `NO_COLOR` is not set */
  readonly colour?: boolean;
  /** Width of the terminal. @default the stream's, as it is at the moment */
  readonly columns?: number;
  /** Wall clock, for the time elapsed. @default systemClock() */
  readonly clock?: Clock;
}

export interface RunStart {
  readonly id: string;
  readonly seed: number;
  readonly world: WorldName;
  readonly pace: number;
  /** How many will be played. */
  readonly scenarios: number;
  /** Name and version of the database; absent without one. */
  readonly database?: string | undefined;
}

/** Call it as the run goes on. Disposing takes the live line away and may happen at any time, more than once. */
export interface TerminalReporter extends Disposable {
  runStarted(run: RunStart): void;
  scenarioStarted(id: string): void;
  scenarioFinished(scenario: ScenarioResult): void;
  /** An announcement, of set-up or anything else. */
  note(line: string): void;
  /** `failure` is why the lab broke; `changes` is what changed since an earlier run. */
  runFinished(run: RunResult, directory: string, failure?: LabError, changes?: ChangeReport): void;
}

/** Wall-clock milliseconds between two looks of the live line. */
const frameMs = 200;

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export function createTerminalReporter(options: TerminalReporterOptions = {}): TerminalReporter {
  const { stream, isTty, colours, columns, clock } = resolve(options);
  const lines = isTty ? createLiveLine(stream, columns) : createPlainLines(stream);
  const running = new Set<string>();
  const ending = new AbortController();
  let total = 0;
  let done = 0;
  let startedAt = 0;
  let frame = 0;

  const stop = (): void => {
    ending.abort();
    lines.clear();
  };
  const refresh = (): void => {
    if (ending.signal.aborted || total === 0) return;
    const elapsed = elapsedText(clock.now() - startedAt);
    const mark = frames[frame % frames.length];
    lines.show(
      oneLine(
        `${mark} ${Math.min(done, total)}/${total} · ${elapsed} · ${[...running].join(', ') || 'waiting'}`,
      ),
    );
  };
  const animate = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      refresh();
      frame += 1;
      await clock.sleep(frameMs, ending.signal).catch(() => undefined);
    }
  };

  return {
    runStarted(run) {
      total = run.scenarios;
      startedAt = clock.now();
      for (const line of startLines(run)) lines.print(line);
      if (isTty) void animate();
    },
    scenarioStarted(id) {
      running.add(id);
      refresh();
    },
    scenarioFinished(scenario) {
      running.delete(scenario.id);
      done += 1;
      for (const line of scenarioLines(scenario, colours)) lines.print(line);
      refresh();
    },
    note(line) {
      lines.print(colours.dim(oneLine(line)));
    },
    runFinished(run, directory, failure, changes) {
      stop();
      if (changes) for (const line of changedLines(changes, columns(), colours)) lines.print(line);
      for (const line of runLines(run, directory, colours, failure)) lines.print(line);
    },
    [Symbol.dispose]: stop,
  };
}

/** Whole seconds below a minute: tenths would only flicker. */
const elapsedText = (ms: number): string => (ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : showDuration(ms));

function startLines(run: RunStart): string[] {
  const pace = run.pace === 1 ? 'real time' : `${run.pace} × real time`;
  const facts = [
    `world ${run.world}`,
    `seed ${run.seed}`,
    pace,
    ...(run.database ? [oneLine(run.database)] : []),
  ];
  return [`Shaketable ${run.id}: ${count(run.scenarios, 'scenario')} · ${facts.join(' · ')}`, ''];
}

function resolve(options: TerminalReporterOptions) {
  const stream = options.stream ?? process.stdout;
  const terminal = stream.isTTY === true;
  const isTty = options.isTty ?? isLive(stream);
  return {
    stream,
    isTty,
    colours: pico.createColors(options.colour ?? (terminal && !process.env.NO_COLOR)),
    columns: () => options.columns ?? stream.columns ?? 80,
    clock: options.clock ?? systemClock(),
  };
}
