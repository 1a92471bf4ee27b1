/**
 * `http_status`: answers in the server's place, which never sees the request. The request is read to its end first, or
 * with `at_once` answered as soon as its head is there. Of pipelined requests each gets its answer in turn. `close` says
 * in the answer that the connection ends, and ends it. `http-own-answer.ts` has the attributes of the answer.
 */
import { HttpDialogue, type HttpRequestPart } from '../../taps/http-dialogue.ts';
import { announcesClose, type HttpRequestHead, listOf } from '../../taps/http-head.ts';
import { close, closeInOrder, passEnd, reply, type Step, send, wakeOther } from '../plane/steps.ts';
import { flag } from './attributes.ts';
import { defineToxic } from './contract.ts';
import { deliver } from './http-answers.ts';
import { answerAttributes, checkAnswer, makeAnswer } from './http-own-answer.ts';
import { isWanted, requestAttributes } from './http-requests.ts';

/** An answer of ours that was not given yet. */
interface OwnAnswer {
  readonly bytes: Buffer;
  /** The last request before it that the server has to answer first. */
  readonly after: HttpRequestHead | undefined;
  readonly closes: boolean;
  /** It can be given when it is its turn: the request was read. */
  ready: boolean;
}

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');

export const httpStatus = defineToxic({
  type: 'http_status',
  attributes: { ...answerAttributes, at_once: flag(), close: flag(), ...requestAttributes },
  check: checkAnswer,
  startBoth: (context) => {
    const dialogue = new HttpDialogue(context);
    /** In the order of their requests. */
    const answers: OwnAnswer[] = [];
    /** The answer to the request that is being read. */
    let reading: OwnAnswer | undefined;
    let offset = context.bytesBefore.upstream;
    let closing = false;
    let serverEnded = false;

    const isTurn = (answer: OwnAnswer): boolean =>
      answers[0] === answer && !(answer.after && dialogue.waitsFor(answer.after));

    /** The answer to a request that begins, if it is to be ours. */
    function takeOver({ head, framing, bytes, ends }: HttpRequestPart): OwnAnswer | undefined {
      if (!head || serverEnded || !isWanted(context, head)) return undefined;
      const { attributes } = context;
      const fact = { reason: `answered ${attributes.status}`, bytes: bytes.length, offset, delivered: false };
      if (!context.strike({ ...fact, stream: 'upstream' })) return undefined;

      dialogue.withdraw(head);
      const isTunnel = framing?.kind === 'tunnel';
      const closes = attributes.close || isTunnel || announcesClose(head);
      const answer = {
        bytes: makeAnswer(attributes, head, { now: context.now(), closes }),
        after: dialogue.newest,
        closes,
        ready: attributes.at_once || isTunnel || ends,
      };
      answers.push(answer);
      return answer;
    }
    function* begin(part: HttpRequestPart): Generator<Step> {
      reading = takeOver(part);
      if (!reading || reading.ready || !isTurn(reading)) return;
      if (part.head && waitsForInterim(part.head)) yield reply(CONTINUE);
    }
    function* read(part: HttpRequestPart, at: number): Generator<Step> {
      if (part.head) yield* begin(part);
      offset += part.bytes.length;
      if (!reading) return yield* deliver({ bytes: part.bytes, at });
      reading.ready ||= part.ends || part.kind === 'opaque';
      if (part.ends) reading = undefined;
      if (!serverEnded) yield* answerInTurn(reply);
      if (closing) yield wakeOther;
    }
    function* answerInTurn(say: (bytes: Buffer) => Step): Generator<Step> {
      for (let [answer] = answers; answer?.ready && isTurn(answer) && !closing; [answer] = answers) {
        answers.shift();
        yield say(answer.bytes);
        closing = answer.closes;
      }
    }
    function* closeIfDone(): Generator<Step> {
      if (closing) yield closeInOrder('fin');
    }
    return {
      upstream: {
        *chunk({ bytes, at }) {
          if (closing) return;
          for (const part of dialogue.readRequests(bytes)) yield* read(part, at);
        },
        *end() {
          yield* deliver({ bytes: dialogue.takeRequestRest(), at: context.now() });
          yield passEnd;
        },
        *lifted() {
          if (reading || answers.length > 0) yield close('reset');
          yield* deliver({ bytes: dialogue.takeRequestRest(), at: context.now() });
        },
      },
      downstream: {
        *chunk({ bytes, at }) {
          const say = (answer: Buffer): Step => send(answer, at);
          for (const part of dialogue.readResponses(bytes)) {
            yield* answerInTurn(say);
            yield* deliver({ bytes: part.bytes, at });
          }
          yield* answerInTurn(say);
          yield* closeIfDone();
        },
        idle: closeIfDone,
        *end() {
          serverEnded = true;
          yield* deliver({ bytes: dialogue.takeResponseRest(), at: context.now() });
          yield passEnd;
        },
        *lifted() {
          yield* deliver({ bytes: dialogue.takeResponseRest(), at: context.now() });
        },
      },
    };
  },
});

/** Whether the client sends its content only when told to (RFC 9110, section 10.1.1). */
const waitsForInterim = (request: HttpRequestHead): boolean =>
  request.minorVersion > 0 && listOf(request, 'expect').includes('100-continue');
