/**
 * Asks the database the same question again and again. An outage is an answer too: it is reported, and the next question
 * is asked in its time. One question is under way at most, however long a frozen server takes.
 */
import { type Clock, withDeadline } from 'shaketable-proxy/clock';

/** What one poll found: rows, or why there are none. A query that is late answers `LAB_TIMEOUT`. */
export type PollResult<Row> = { rows: Row[] } | { error: { code: string; message: string } };

/** What to ask and how often. */
export interface PollQueryOptions<Row> {
  readonly query: () => Promise<Row[]>;
  /** Gets every result, in order. */
  readonly onRows: (result: PollResult<Row>) => void;
  readonly clock: Clock;
  /** From one poll's end to the next one's start, on `clock`. */
  readonly everyMs: number;
  /** How long a query may take, on `clock`, before it is reported as late. @default 10 times `everyMs` */
  readonly timeoutMs?: number;
}

/** Polls that go on. Disposal asks once more, so that the last state is seen, and waits `timeoutMs` at most. */
export interface QueryPolling extends AsyncDisposable {
  /** Asks now, or joins the question that is under way. */
  poll(): Promise<void>;
}

/** Starts polling; the first question is asked at once. */
export function pollQuery<Row>(options: PollQueryOptions<Row>): QueryPolling {
  const { query, onRows, clock, everyMs, timeoutMs = 10 * everyMs } = options;
  const ended = new AbortController();
  let asked: Promise<PollResult<Row>> | undefined;
  let reporting: Promise<void> | undefined;

  /** The question under way, or a new one. A late one stays under way until the database answers. */
  const ask = (): Promise<PollResult<Row>> => {
    asked ??= query()
      .then((rows) => ({ rows }), describe)
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
  const report = async (): Promise<void> => {
    const late = (): PollResult<Row> => ({
      error: { code: 'LAB_TIMEOUT', message: `no answer within ${timeoutMs} ms` },
    });
    onRows(await withDeadline(clock, timeoutMs, ask(), late));
  };
  const poll = (): Promise<void> => {
    reporting ??= report().finally(() => {
      reporting = undefined;
    });
    return reporting;
  };
  const polling = (async () => {
    while (!ended.signal.aborted) {
      await poll();
      await clock.sleep(everyMs, ended.signal).catch(() => undefined);
    }
  })();
  let disposal: Promise<void> | undefined;
  return {
    poll,
    [Symbol.asyncDispose]() {
      ended.abort();
      disposal ??= polling.then(poll);
      return disposal;
    },
  };
}

function describe(error: unknown): { error: { code: string; message: string } } {
  const { code = 'unknown', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  return { error: { code, message } };
}
