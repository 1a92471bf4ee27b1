/**
 * One connection's chains of toxics without sockets: items go in at one end, what comes out is written down with its
 * time, on a clock that the test moves.
 */

import { decodeToxic, decodeToxicChange } from '../../../proxy/api/decode.ts';
import { type Compatibility, quirksOf } from '../../../proxy/core/compatibility.ts';
import type { Stream } from '../../../proxy/core/events.ts';
import { parseJson } from '../../../proxy/core/json.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import type { Item } from '../../../proxy/core/steps.ts';
import type { StrikeFact } from '../../../proxy/core/toxic-type.ts';
import { type Sink, Stage } from '../../../proxy/engine/stage.ts';
import { Toxic } from '../../../proxy/engine/toxic.ts';
import { ToxicBindings } from '../../../proxy/engine/toxic-bindings.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** What came out: bytes and ends by direction, and what was done to the connection. */
export interface Outcome {
  readonly at: number;
  readonly stream?: Stream;
  readonly what: string;
}

export class ToxicRig {
  readonly clock = manualClock();
  readonly toxic: Toxic;
  readonly strikes: StrikeFact[] = [];
  /** Why the toxic could not act. */
  readonly skips: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly #stages: Partial<Record<Stream, Stage>> = {};
  readonly #sinks: Record<Stream, Sink & { full: boolean }>;
  readonly #start: number;
  #lastActivityAt: number;
  #closed = false;

  /** `json` is a toxic as a client sends it; `passed` bytes went each way before it came. */
  constructor(
    json: object,
    {
      seed = 1,
      connection = 1,
      compatibility = 'none' as Compatibility,
      foundOpen = false,
      passed = 0,
      client = '127.0.0.1',
    } = {},
  ) {
    const { clock } = this;
    this.#start = clock.now();
    this.#lastActivityAt = this.#start;
    this.toxic = new Toxic(decodeToxic(parseJson(JSON.stringify(json))), this.#start);
    const bindings = new ToxicBindings({
      number: connection,
      client,
      dialler: '',
      others: 0,
      random: seededRandom(seed).fork(String(connection)),
      now: () => clock.now(),
      lastActivityAt: () => this.#lastActivityAt,
      quirks: quirksOf(compatibility),
      bytesIn: () => ({ upstream: passed, downstream: passed }),
      struck: (_toxic, _stream, fact) => this.strikes.push(fact),
      skipped: (_toxic, reason) => this.skips.push(reason),
    });
    bindings.expose(this.toxic, foundOpen ? 0 : connection);
    this.#sinks = { upstream: this.#sink('upstream'), downstream: this.#sink('downstream') };
    if (!bindings.applies(this.toxic)) return;
    const isClosed = (): boolean => this.#closed;
    for (const [stream, behaviour] of Object.entries(bindings.start(this.toxic))) {
      this.#stages[stream as Stream] = new Stage(
        this.toxic,
        behaviour,
        this.#sinks[stream as Stream],
        {
          clock,
          act: (step) => this.#end(step.kind === 'close' ? `close ${step.how}` : step.kind),
          takesReply: () => true,
          reply: (_toxic, { bytes, asPeer }) => {
            const opposite = stream === 'upstream' ? 'downstream' : 'upstream';
            const sink = asPeer ? this.#stages[opposite] : this.#sinks[opposite];
            sink?.offer({ kind: 'chunk', bytes, at: clock.now() });
          },
          wakeOther: () => this.#stages[stream === 'upstream' ? 'downstream' : 'upstream']?.restartIdle(),
          failed: (_toxic, error) => {
            throw error;
          },
          get closed() {
            return isClosed();
          },
        },
        0,
      );
    }
    for (const stage of Object.values(this.#stages)) stage.run();
  }

  /** Bytes arrive. */
  arrive(bytes: string | Buffer, stream: Stream = 'downstream'): void {
    this.#lastActivityAt = this.clock.now();
    this.#offer({ kind: 'chunk', bytes: Buffer.from(bytes), at: this.clock.now() }, stream);
  }

  /** The sender's FIN or RST arrives. */
  arriveEnd(stream: Stream = 'downstream', kind: 'end' | 'reset' = 'end'): void {
    this.#offer({ kind }, stream);
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  update(json: object): void {
    this.toxic.update(decodeToxicChange(parseJson(JSON.stringify(json)), this.toxic), this.clock.now());
    for (const stage of Object.values(this.#stages)) stage.update();
  }

  lift(how: 'deleted' | 'inactive' = 'deleted'): void {
    for (const stream of ['upstream', 'downstream'] as const) {
      this.#stages[stream]?.release(how);
      delete this.#stages[stream];
    }
  }

  /** Makes the destination take nothing, or take things again. */
  block(full: boolean, stream: Stream = 'downstream'): void {
    this.#sinks[stream].full = full;
    this.#stages[stream]?.run();
  }

  /** Whether the source should wait. */
  full(stream: Stream = 'downstream'): boolean {
    return (this.#stages[stream] ?? this.#sinks[stream]).full;
  }

  /** All that came out, as `time: what`. */
  log(): string[] {
    return this.outcomes.map(({ at, what }) => `${at}: ${what}`);
  }

  /** The bytes that came out in a direction, in one piece. */
  output(stream: Stream = 'downstream'): string {
    return this.outcomes
      .filter((outcome) => outcome.stream === stream && !/^<(end|reset)>$/.test(outcome.what))
      .map(({ what }) => what)
      .join('');
  }

  #offer(item: Item, stream: Stream): void {
    (this.#stages[stream] ?? this.#sinks[stream]).offer(item);
  }

  #sink(stream: Stream): Sink & { full: boolean } {
    return {
      full: false,
      crowded: false,
      offer: (item) => {
        if (item.kind === 'close') this.#end(`close ${item.how}`);
        else this.#note(item.kind === 'chunk' ? item.bytes.toString('latin1') : `<${item.kind}>`, stream);
      },
    };
  }

  /** The connection is over: for what comes later there is nobody. */
  #end(what: string): void {
    this.#note(what);
    this.#closed = true;
  }

  #note(what: string, stream?: Stream): void {
    if (this.#closed) return;
    const at = Math.round((this.clock.now() - this.#start) * 1_000) / 1_000;
    this.outcomes.push(stream ? { at, stream, what } : { at, what });
  }
}
