/**
 * What a page is told while it is open: a line of JSON whenever something changed, at most a few times a second. The state is told
 * whole, so a reader that is slow misses nothing but what was overtaken; of what happens it gets the latest, and how much
 * was left out. Neither the number of connections nor a reader that does not read costs more than a bound.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from 'shaketable-proxy/clock';
import type { ConnectionFilter, Line, Update } from './messages.ts';

/** What is told of. */
export interface Sight {
  /** As it is now. */
  state(filter: ConnectionFilter): Omit<Update, 'now' | 'lines' | 'leftOut'>;
  /** The latest lines so far. */
  recent(): readonly Line[];
  /** Hears each new line until the returned function is called. */
  onLine(listener: (line: Line) => void): () => void;
}

/** How often a change is told at most, ms. */
const everyMs = 300;
/** Something is said so often, so that both sides notice when the other is gone, ms. */
const heartbeatMs = 5_000;
/** Lines of one update. */
const mostLines = 150;
/** What may wait for a slow reader, bytes; more than that is left out. */
const mostUnread = 1024 * 1024;

/** Streams until the response is closed. */
export function streamLive(
  response: ServerResponse,
  { sight, filter, clock }: { sight: Sight; filter: ConnectionFilter; clock: Clock },
): void {
  const closed = new AbortController();
  const lines = new Lines(sight.recent());
  const unsubscribe = sight.onLine((line) => lines.add(line));
  response.once('close', () => {
    unsubscribe();
    closed.abort();
  });
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  void tell({ response, sight, filter, clock, lines, signal: closed.signal }).catch(() => {});
}

/** Ends by rejecting, once `signal` is aborted. */
async function tell({
  response,
  sight,
  filter,
  clock,
  lines,
  signal,
}: {
  response: ServerResponse;
  sight: Sight;
  filter: ConnectionFilter;
  clock: Clock;
  lines: Lines;
  signal: AbortSignal;
}): Promise<never> {
  const changes = new Changes();
  let toldAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (response.writableLength < mostUnread) {
      const parts = [...changes.of(sight.state(filter)), ...lines.take()];
      if (parts.length > 0 || clock.now() - toldAt >= heartbeatMs) {
        toldAt = clock.now();
        response.write(`{${[`"now":${Math.round(toldAt)}`, ...parts].join()}}\n`);
      }
    }
    await clock.sleep(everyMs, signal);
  }
}

/** The parts of the state that are no longer what was told last, as JSON. */
class Changes {
  readonly #told = new Map<string, string>();

  of(state: object): string[] {
    const parts: string[] = [];
    for (const [name, value] of Object.entries(state)) {
      const json = JSON.stringify(value);
      if (json === undefined || this.#told.get(name) === json) continue;
      this.#told.set(name, json);
      parts.push(`"${name}":${json}`);
    }
    return parts;
  }
}

/** The lines that were not told yet, as far as there is room. */
class Lines {
  #waiting: Line[];
  #leftOut = 0;

  constructor(first: readonly Line[]) {
    this.#waiting = [...first];
  }

  add(line: Line): void {
    this.#waiting.push(line);
    if (this.#waiting.length <= 2 * mostLines) return;
    this.#leftOut += this.#waiting.length - mostLines;
    this.#waiting = this.#waiting.slice(-mostLines);
  }

  take(): string[] {
    if (this.#waiting.length === 0) return [];
    const parts = [`"lines":${JSON.stringify(this.#waiting.slice(-mostLines))}`];
    const leftOut = this.#leftOut + Math.max(0, this.#waiting.length - mostLines);
    if (leftOut > 0) parts.push(`"leftOut":${leftOut}`);
    this.#waiting = [];
    this.#leftOut = 0;
    return parts;
  }
}
