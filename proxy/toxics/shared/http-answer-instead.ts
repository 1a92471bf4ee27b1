/**
 * What toxics that answer in the server's place have in common: the server never sees the request. It is read to its end
 * first, or with `at_once` answered as soon as its head is there. Of pipelined requests each gets its answer in turn.
 * `close` says in the answer that the connection ends, and ends it.
 *
 * The answer takes the way of the server's own, so that other toxics of HTTP see it too and count on in step.
 */

import type { Stream } from '../../core/events.ts';
import {
  type Chunk,
  close,
  closeInOrder,
  passEnd,
  reply,
  replyAsPeer,
  type Step,
  send,
  wakeOther,
} from '../../core/steps.ts';
import type { Behaviour, ToxicContext } from '../../core/toxic-type.ts';
import { HttpDialogue, type HttpRequestPart } from '../../protocols/http-dialogue.ts';
import { announcesClose, type HttpRequestHead, listOf } from '../../protocols/http-head.ts';
import { deliver } from './http-answers.ts';
import { type AnswerValues, makeAnswer } from './http-own-answer.ts';
import { HttpRecognition } from './http-recognition.ts';
import { mergeSends } from './merge-sends.ts';

/** An answer of ours that was not given yet. */
interface OwnAnswer {
  readonly request: HttpRequestHead;
  readonly bytes: Buffer;
  closes: boolean;
  /** It can be given when it is its turn: the request was read. */
  ready: boolean;
}

const continueAnswer = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');

/** An answer that a toxic wants to give. */
export interface Instead {
  /** Why, for the strike. */
  readonly reason: string;
  readonly answer: AnswerValues;
}

/** The behaviours of a toxic that answers the requests for which `decide`, asked once for each, gives an answer. */
export function answerInstead(
  context: ToxicContext<unknown>,
  decide: (request: HttpRequestHead) => Instead | undefined,
): Readonly<Record<Stream, Behaviour>> {
  const dialogue = new HttpDialogue(context);
  const recognition = new HttpRecognition(context, dialogue);
  /** In the order of their requests. */
  const answers: OwnAnswer[] = [];
  /** The answer to the request that is being read. */
  let reading: OwnAnswer | undefined;
  /** Requests whose answer is on its way from the server's side. */
  const given = new WeakSet<HttpRequestHead>();
  /** The request whose answer is the last one; what comes after it is not read. */
  let last: HttpRequestHead | undefined;
  let lastAnswered = false;
  let offset = context.bytesBefore.upstream;
  let server: 'open' | 'ending' | 'ended' = 'open';

  const isTurn = ({ request }: OwnAnswer): boolean =>
    dialogue.before(request).every((earlier) => given.has(earlier));

  /** The answer to a request that begins, if it is to be ours. */
  function takeOver({ head: request, framing, bytes, ends }: HttpRequestPart): OwnAnswer | undefined {
    const instead = request && server === 'open' ? decide(request) : undefined;
    if (!request || !instead) return undefined;
    const fact = { reason: instead.reason, bytes: bytes.length, offset, delivered: false };
    if (!context.strike({ ...fact, stream: 'upstream' })) return undefined;

    const isTunnel = framing?.kind === 'tunnel';
    const closes = instead.answer.close || isTunnel || announcesClose(request);
    const answer = {
      request,
      bytes: makeAnswer(instead.answer, request, { now: context.now(), closes }),
      closes,
      ready: instead.answer.at_once || isTunnel || ends,
    };
    answers.push(answer);
    return answer;
  }
  function* read(part: HttpRequestPart, at: number): Generator<Step> {
    if (part.head) {
      reading = takeOver(part);
      if (reading && !reading.ready && isTurn(reading) && waitsForInterim(part.head))
        yield replyAsPeer(continueAnswer);
    }
    offset += part.bytes.length;
    if (!reading) return yield* deliver({ bytes: part.bytes, at });
    const broken = part.kind === 'opaque';
    reading.closes ||= broken;
    reading.ready ||= broken || part.ends;
    if (part.ends) reading = undefined;
    yield* giveReady();
  }
  /** The client ended within a request that is answered here: it gets its answer and the end, as for one that cannot be read. */
  function* cutShort(request: OwnAnswer): Generator<Step> {
    dialogue.takeRequestRest();
    Object.assign(request, { closes: true, ready: true });
    reading = undefined;
    yield* giveReady();
  }
  function* giveReady(): Generator<Step> {
    if (server === 'open') yield* giveAsServer();
    else yield* giveHere(reply);
    if (server === 'ending') yield wakeOther;
  }
  function* nextAnswers(): Generator<OwnAnswer> {
    for (let [answer] = answers; answer?.ready && isTurn(answer) && !last; [answer] = answers) {
      answers.shift();
      if (answer.closes) last = answer.request;
      yield answer;
    }
  }
  function* giveAsServer(): Generator<Step> {
    for (const { request, bytes } of nextAnswers()) {
      given.add(request);
      yield replyAsPeer(bytes);
    }
  }
  /** Gives answers where the server's have got to. */
  function* giveHere(say: (bytes: Buffer) => Step): Generator<Step> {
    for (const { request, bytes } of nextAnswers()) {
      yield say(bytes);
      dialogue.withdraw(request);
      lastAnswered ||= request === last;
    }
  }
  /** Closes behind the last answer, or hands the server's FIN on when all is said. */
  function* endIfDone(): Generator<Step> {
    if (lastAnswered) return yield closeInOrder('fin');
    if (server !== 'ending' || answers.length > 0) return;
    server = 'ended';
    yield passEnd;
  }
  /** The server's answers cannot be told apart any more, so that ours would never have their turn. */
  function* endIfLost(): Generator<Step> {
    if (dialogue.unreadable !== undefined && answers.length > 0) yield close('reset');
  }
  function* asked({ bytes, at }: Chunk): Generator<Step> {
    for (const part of last ? [] : dialogue.readRequests(bytes)) {
      if (!last) yield* read(part, at);
    }
  }
  function* answered({ bytes, at }: Chunk): Generator<Step> {
    const say = (answer: Buffer): Step => send(answer, at);
    for (const part of dialogue.readResponses(bytes)) {
      yield* giveHere(say);
      yield* deliver({ bytes: part.bytes, at });
      const isOver = part.answers || part.framing?.kind === 'tunnel';
      lastAnswered ||= last !== undefined && isOver && part.request === last;
    }
    yield* giveHere(say);
    yield* endIfDone();
  }
  return {
    upstream: {
      *chunk(chunk) {
        yield* mergeSends(asked(chunk));
        yield* recognition.note();
      },
      idle: () => recognition.idleRequests(),
      *end() {
        if (reading) yield* cutShort(reading);
        else yield* deliver({ bytes: dialogue.takeRequestRest(), at: context.now() });
        yield passEnd;
      },
      *lifted() {
        if (reading || answers.length > 0) yield close('reset');
        yield* deliver({ bytes: dialogue.takeRequestRest(), at: context.now() });
      },
    },
    downstream: {
      *chunk(chunk) {
        yield* mergeSends(answered(chunk));
        yield* recognition.note();
        yield* endIfLost();
      },
      *idle() {
        yield* endIfDone();
        yield* recognition.idleResponses();
        yield* endIfLost();
      },
      *end() {
        server = 'ending';
        for (const part of dialogue.endResponses()) yield* deliver({ bytes: part.bytes, at: context.now() });
        const [next] = answers;
        if (next && !isTurn(next)) answers.length = 0;
        yield* endIfDone();
      },
      *lifted() {
        yield* deliver({ bytes: dialogue.takeResponseRest(), at: context.now() });
      },
    },
  };
}

/** Whether the client sends its content only when told to (RFC 9110, section 10.1.1). */
const waitsForInterim = (request: HttpRequestHead): boolean =>
  request.minorVersion > 0 && listOf(request, 'expect').includes('100-continue');
