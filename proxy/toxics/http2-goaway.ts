/**
 * `http2_goaway`: the client gets a GOAWAY (RFC 9113, section 6.8) that the server did not send, once on a connection:
 * when a request comes, or when its answer is complete. Streams above `last_stream` are not answered, and what the
 * client still opens does not reach the server. `ending` is what becomes of the connection: `drain` closes it as soon as
 * no stream is open that goes on, `close` and `reset` end it at once, `hold` leaves it to the client.
 */

import { invalidAttribute } from '../core/api-error.ts';
import { choice, text } from '../core/attributes.ts';
import { closeInOrder, type Step, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import type { Exchange } from '../protocols/http2-exchanges.ts';
import { goAway, largestStream } from '../protocols/http2-frames.ts';
import { requestAttributes } from './shared/http-requests.ts';
import { errorCode, errorName } from './shared/http2-errors.ts';
import { byHttp2, isWanted, type PlacedPart, partFact } from './shared/http2-exchanges.ts';

/** What is left of a frame of 16 KiB. */
const longestDebug = 1_024;

export const http2GoAway = defineToxic({
  type: 'http2_goaway',
  summary: 'the end of the connection is announced',
  attributes: {
    code: errorCode('NO_ERROR'),
    /** `this` is the highest that the server has got, `previous` leaves out the request that came. */
    last_stream: choice(['this', 'previous', 'zero', 'maximum']),
    when: choice(['request', 'answer']),
    ending: choice(['drain', 'close', 'reset', 'hold']),
    /** For a person to read. */
    debug: text({ max: longestDebug }),
    ...requestAttributes,
  },
  check({ last_stream, when }) {
    if (last_stream === 'previous' && when === 'answer') {
      throw invalidAttribute('last_stream', 'this, zero or maximum behind an answer', last_stream);
    }
  },
  startBoth: (context) =>
    byHttp2(context, (connection) => {
      const { exchanges } = connection.reader;
      const awaited = new WeakSet<Exchange>();
      /** The last stream that was announced. */
      let last: number | undefined;
      let closing = false;

      /** Whether it acts; streams above the last one are taken out from now on. */
      function announces(part: PlacedPart, { id }: Exchange): boolean {
        const { code, last_stream } = context.attributes;
        const lastStream = {
          this: exchanges.last,
          previous: Math.max(0, id - 2),
          zero: 0,
          maximum: largestStream,
        }[last_stream];
        const reason = `GOAWAY ${errorName(code)}, last stream ${lastStream}`;
        if (!context.strike(partFact(reason, part, id <= lastStream))) return false;
        last = lastStream;
        connection.takeOutAbove(lastStream);
        return true;
      }
      function* announce(): Generator<Step> {
        const { code, ending, debug } = context.attributes;
        yield* connection.put('downstream', goAway(last ?? 0, code, debug));
        if (ending !== 'close' && ending !== 'reset') return;
        closing = true;
        yield* connection.put('downstream', closeInOrder(ending === 'close' ? 'fin' : 'reset'));
      }
      /** Whether to act now; with `answer` it is noted for later. */
      function isTime(part: PlacedPart, exchange: Exchange): boolean {
        if (last !== undefined) return false;
        if (part.kind === 'block' && part.role === 'request' && isWanted(context, exchange)) {
          if (context.attributes.when === 'request') return true;
          awaited.add(exchange);
        }
        return part.stream === 'downstream' && exchange.ended.has('downstream') && awaited.delete(exchange);
      }
      function* drain(): Generator<Step> {
        if (
          last === undefined ||
          closing ||
          context.attributes.ending !== 'drain' ||
          exchanges.open.length > 0
        )
          return;
        closing = true;
        yield* connection.put('downstream', closeInOrder('fin'));
      }
      return {
        *part(part) {
          const { exchange } = part;
          const acts = exchange && isTime(part, exchange) && announces(part, exchange);
          const refused =
            part.kind === 'block' && part.role === 'request' && connection.isTakenOut(part.streamId);
          if (refused) connection.takeBlockOut(part.stream);
          else yield send(part.bytes, part.at);
          if (acts) yield* announce();
          yield* drain();
        },
      };
    }),
});
