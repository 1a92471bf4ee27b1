/**
 * `observe`: changes nothing, and tells when what passes here shows the effect of a toxic further on, in another proxy. With
 * it the lab knows that a fault of the real Toxiproxy, which does not tell, has struck:
 *
 *     client ─► this proxy (observe) ─► Toxiproxy (latency, bandwidth, slicer or limit_data) ─► server
 *
 * A delay shows on the answer to a request, whichever direction it is in; pieces show by their size; a limit by the end that
 * comes after exactly so many bytes.
 */

import { choice, integer } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { pass, passEnd, type Step } from '../core/steps.ts';
import { type Behaviour, defineToxic } from '../core/toxic-type.ts';

/** A client that waits for this part of a delay, in vain, has waited for longer than it would have without. */
const tellingShare = 0.25;

export const observe = defineToxic({
  type: 'observe',
  summary: 'watches what another Toxiproxy does',
  attributes: {
    of: choice(['latency', 'bandwidth', 'slicer', 'limit_data']),
    /** ms, KB/s, the size of a piece, or bytes, as the effect has it. */
    amount: integer({ min: 0 }),
  },
  startBoth(context) {
    const acted: Stream = context.stream === 'upstream' ? 'upstream' : 'downstream';
    const bytes = { total: 0, sinceAsked: 0 };
    let askedAt: number | undefined;
    let pieces = 0;

    const tell = (reason: string, inHand: number): void => {
      context.strikeOnce({ reason, bytes: inHand, delivered: true, stream: acted });
    };
    /** The least that an answer takes under a delay; undefined for effects that are none. */
    const leastMs = (): number | undefined => {
      const { of, amount } = context.attributes;
      const ms = of === 'latency' ? amount : of === 'bandwidth' && amount > 0 ? bytes.sinceAsked / amount : 0;
      return ms >= 1 ? ms : undefined;
    };
    const waitedSince = (moment: number): number => Math.round(moment - (askedAt ?? moment));
    const count = (stream: Stream, length: number): void => {
      if (stream !== acted) return;
      bytes.total += length;
      bytes.sinceAsked += length;
    };
    const sawRequest = (at: number): void => {
      if (askedAt !== undefined) return;
      askedAt = at;
      bytes.sinceAsked = 0;
    };
    const sawAnswer = (at: number, length: number): void => {
      const waited = waitedSince(at);
      if (waited >= (leastMs() ?? Number.POSITIVE_INFINITY)) tell(`an answer took ${waited} ms`, length);
      askedAt = undefined;
      const { of, amount } = context.attributes;
      pieces = of === 'slicer' && length <= amount ? pieces + 1 : 0;
      if (pieces > 1) tell(`pieces of at most ${amount} bytes`, length);
    };
    const inVain = (then: string): void => {
      const waited = waitedSince(context.now());
      const least = (leastMs() ?? Number.POSITIVE_INFINITY) * tellingShare;
      if (waited >= least) tell(`no answer for ${waited} ms, then ${then}`, 0);
    };
    const serverLeft = (): void => {
      const { of, amount } = context.attributes;
      const more = askedAt !== undefined || !context.foundOpen;
      if (of === 'limit_data' && bytes.total === amount && more) tell(`ended after ${amount} bytes`, 0);
    };

    const watch = (
      stream: Stream,
      saw: (at: number, length: number) => void,
      left: () => void,
    ): Behaviour => ({
      *chunk(chunk): Iterable<Step> {
        const { length } = chunk.bytes;
        if (stream === 'upstream') saw(chunk.at, length);
        count(stream, length);
        if (stream === 'downstream') saw(chunk.at, length);
        yield pass(chunk);
      },
      *end() {
        left();
        yield passEnd;
      },
      *reset() {
        left();
        yield pass({ kind: 'reset' });
      },
    });
    return {
      upstream: {
        ...watch('upstream', sawRequest, () => inVain('given up')),
        lifted() {
          inVain('lifted');
          return [];
        },
      },
      downstream: watch('downstream', sawAnswer, serverLeft),
    };
  },
});
