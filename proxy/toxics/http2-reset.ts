/**
 * `http2_reset`: one stream ends by RST_STREAM (RFC 9113, section 6.4), the others go on. With `at` the client is told
 * so in the place of the server's seeing its request, in the place of the answer, behind its head, or behind
 * `after_bytes` bytes of its content. A server that has the request and is not done gets RST_STREAM with CANCEL.
 */

import { byteCount, choice } from '../core/attributes.ts';
import { close, type Step, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import type { FramePart } from '../protocols/http2.ts';
import type { Exchange } from '../protocols/http2-exchanges.ts';
import {
  cancel,
  type FrameHeader,
  frameFlag,
  frameHeaderBytes,
  frameType,
  rstStream,
  writeFrameHeader,
} from '../protocols/http2-frames.ts';
import { requestAttributes } from './shared/http-requests.ts';
import { errorCode, errorName } from './shared/http2-errors.ts';
import { byHttp2, isWanted, type PlacedPart, partFact } from './shared/http2-exchanges.ts';

const missedBeginning = 'HTTP/2 whose beginning was missed';

export const http2Reset = defineToxic({
  type: 'http2_reset',
  summary: 'one stream is reset, the others go on',
  attributes: {
    code: errorCode('REFUSED_STREAM'),
    at: choice(['request', 'answer', 'headers', 'body']),
    /** Of content with its padding; for `body`. */
    after_bytes: byteCount({ min: 0 }),
    ...requestAttributes,
  },
  startBoth: (context) =>
    byHttp2(context, (connection) => {
      const { readsBlocks } = connection.reader;
      /** What may still pass of the content of answers that are to be reset, in bytes. */
      const left = new WeakMap<Exchange, number>();
      /** Answers of which a shortened DATA frame is under way. */
      const shortened = new Set<Exchange>();

      function mayReset(part: PlacedPart, { id }: Exchange, delivered: boolean): boolean {
        const { code, at } = context.attributes;
        return context.strike(
          partFact(`RST_STREAM ${errorName(code)}, stream ${id}, ${at}`, part, delivered),
        );
      }
      function* reset({ stream }: PlacedPart, exchange: Exchange): Generator<Step> {
        const serverGoesOn = stream === 'downstream' && !exchange.ended.has('downstream');
        shortened.delete(exchange);
        connection.takeOut(exchange.id);
        yield* connection.put('downstream', rstStream(exchange.id, context.attributes.code));
        if (serverGoesOn) yield* connection.put('upstream', rstStream(exchange.id, cancel));
      }
      function* resetInstead(part: PlacedPart, exchange: Exchange): Generator<Step> {
        if (!mayReset(part, exchange, false)) return yield send(part.bytes, part.at);
        connection.takeBlockOut(part.stream);
        yield* reset(part, exchange);
      }

      function* request(part: PlacedPart, exchange: Exchange): Generator<Step> {
        const { at, after_bytes } = context.attributes;
        const due = isWanted(context, exchange);
        const possible = readsBlocks || at === 'headers' || at === 'body';
        if (due && !possible) context.skip(missedBeginning);
        if (due && possible && at === 'request') return yield* resetInstead(part, exchange);
        if (due && possible) left.set(exchange, after_bytes);
        yield send(part.bytes, part.at);
      }
      function* answer(part: PlacedPart, exchange: Exchange): Generator<Step> {
        const { at } = context.attributes;
        if (at === 'answer') return yield* resetInstead(part, exchange);
        yield send(part.bytes, part.at);
        const hasContent = !exchange.ended.has('downstream');
        if (at === 'headers' && hasContent && mayReset(part, exchange, true)) yield* reset(part, exchange);
      }
      /** DATA that would go beyond what may pass is shortened to that; padded DATA does not begin. */
      function* content(part: PlacedPart & FramePart, exchange: Exchange, may: number): Generator<Step> {
        const { frame, bytes, begins, at } = part;
        if (begins && !goesBeyond(frame, may)) left.set(exchange, may - frame.length);
        if (begins && goesBeyond(frame, may) && mayReset(part, exchange, may > 0)) {
          const length = frame.flags & frameFlag.padded ? 0 : may;
          left.set(exchange, length);
          shortened.add(exchange);
          if (length > 0) yield send(writeFrameHeader({ ...frame, length, flags: 0 }), at);
        }
        if (!shortened.has(exchange)) return yield send(bytes, at);

        const payload = begins ? bytes.subarray(frameHeaderBytes) : bytes;
        const rest = left.get(exchange) ?? 0;
        const passed = payload.subarray(0, rest);
        if (passed.length > 0) yield send(passed, at);
        left.set(exchange, rest - passed.length);
        yield* connection.giveBack(part, payload.length - passed.length);
        if (part.ends) yield* reset(part, exchange);
      }
      return {
        *part(part) {
          const { exchange } = part;
          const role = part.kind === 'block' ? part.role : undefined;
          const may = exchange && left.get(exchange);
          if (exchange && role === 'request') yield* request(part, exchange);
          else if (exchange && may !== undefined && role === 'answer') yield* answer(part, exchange);
          else if (exchange && may !== undefined && isContent(part) && context.attributes.at === 'body')
            yield* content(part, exchange, may);
          else yield send(part.bytes, part.at);
        },
        *lifted() {
          if (shortened.size > 0) yield close('reset');
        },
      };
    }),
});

const isContent = (part: PlacedPart): part is PlacedPart & FramePart =>
  part.kind === 'frame' && part.stream === 'downstream' && part.frame.type === frameType.data;

/** Whether more follows behind so many bytes: the rest of the frame, or another one. */
const goesBeyond = ({ length, flags }: FrameHeader, bytes: number): boolean =>
  length > bytes || (length === bytes && (flags & frameFlag.endStream) === 0);
