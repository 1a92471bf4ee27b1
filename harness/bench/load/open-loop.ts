/**
 * An open loop: requests go out by a schedule, whether or not earlier ones were answered, as requests of many users do. A
 * closed loop waits while the server is slow, and so asks least when it matters most (coordinated omission).
 *
 *     planned ──► handed to the client ──► on a connection ──────────► answered
 *        └ schedule error ┘                    └──── service time ────────┘
 *        └────────────────────── from the plan ───────────────────────────┘
 */
import type { Clock } from 'shaketable-proxy/clock';

/** What is asked for. */
export interface OpenLoopOptions {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly clock: Clock;
  /**
   * Sends request number `index`; gives back when it began to be served, on `clock`, once its answer is there. What it rejects
   * with counts by its `code`.
   */
  send(index: number): Promise<number>;
}

/** Durations of the requests that were answered, ms, and what became of the others. */
export interface OpenLoopResult {
  /** How late each request was handed over: the generator's own error, of answered requests or not. */
  readonly scheduleErrorMs: readonly number[];
  readonly serviceMs: readonly number[];
  readonly fromPlanMs: readonly number[];
  /** Codes of errors, with how often each was met. */
  readonly errors: Readonly<Record<string, number>>;
  /** From the first planned moment to the last answer. */
  readonly elapsedMs: number;
}

/** Timers are up to a millisecond off; the rest of a wait is met by short ones. */
const timerErrorMs = 1;
const longestShortWaitMs = 0.99;

/** Sends by the schedule and waits for every answer. */
export async function openLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const { ratePerSecond, durationMs, clock, send } = options;
  const total = Math.round((ratePerSecond * durationMs) / 1_000);
  const startMs = clock.now();
  const scheduleErrorMs: number[] = [];
  const serviceMs: number[] = [];
  const fromPlanMs: number[] = [];
  const errors: Record<string, number> = {};

  const ask = async (index: number, plannedMs: number): Promise<void> => {
    scheduleErrorMs.push(clock.now() - plannedMs);
    try {
      const begunMs = await send(index);
      const now = clock.now();
      serviceMs.push(now - begunMs);
      fromPlanMs.push(now - plannedMs);
    } catch (error) {
      const code = codeOf(error);
      errors[code] = (errors[code] ?? 0) + 1;
    }
  };
  const asked: Promise<void>[] = [];
  for (let index = 0; index < total; index += 1) {
    const plannedMs = startMs + (index * 1_000) / ratePerSecond;
    await until(plannedMs, clock);
    asked.push(ask(index, plannedMs));
  }
  await Promise.all(asked);
  return { scheduleErrorMs, serviceMs, fromPlanMs, errors, elapsedMs: clock.now() - startMs };
}

async function until(moment: number, clock: Clock): Promise<void> {
  for (let left = moment - clock.now(); left > 0; left = moment - clock.now()) {
    await clock.sleep(left > 2 * timerErrorMs ? left - timerErrorMs : Math.min(left, longestShortWaitMs));
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
