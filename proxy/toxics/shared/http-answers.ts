/**
 * What toxics that change answers have in common: requests are watched as they pass, and the final answers to the
 * wanted ones go through the toxic's effect part by part; everything else passes. An answer that ends HTTP on the
 * connection, 101 or the 200 of CONNECT, is final too; what it leads to comes as further parts of it, which are opaque.
 */

import type { Stream } from '../../core/events.ts';
import { close, closeInOrder, pass, passEnd, type Step, send, until } from '../../core/steps.ts';
import type { Behaviour, ToxicContext } from '../../core/toxic-type.ts';
import type { HttpDialogue, HttpResponsePart } from '../../protocols/http-dialogue.ts';
import type { HttpFraming } from '../../protocols/http-framing.ts';
import type { HttpRequestHead, HttpResponseHead } from '../../protocols/http-head.ts';
import { HttpRecognition } from './http-recognition.ts';
import { isWanted, type RequestValues } from './http-requests.ts';
import { mergeSends } from './merge-sends.ts';

/** The server's final answer to a wanted request. */
export interface Answer {
  readonly head: HttpResponseHead;
  readonly framing: HttpFraming;
}

/** A part of an answer with its place. */
export interface AnswerPart extends HttpResponsePart {
  /** When it arrived, epoch ms. */
  readonly at: number;
  /** Bytes of the direction before it. */
  readonly offset: number;
}

/** What a toxic does to one answer. */
export interface AnswerEffect {
  /** What is sent in place of a part; the head comes first. */
  part(part: AnswerPart): Iterable<Step>;
  /** Whether bytes were left out, so that the rest of the answer would be garbage without the toxic. */
  readonly lossy?: boolean;
}

const largestSend = 32 * 1024;

/** Bytes and when they arrived, epoch ms. */
interface Arrived {
  readonly bytes: Buffer;
  readonly at: number;
}

/** Hands bytes on in sends of the size that toxics work on. */
export function* deliver({ bytes, at }: Arrived): Generator<Step> {
  for (let from = 0; from < bytes.length; from += largestSend) {
    yield send(bytes.subarray(from, from + largestSend), at);
  }
}

/**
 * Leaves the client waiting: the server's end is held from now on, until the toxic is changed or deleted. So is what comes
 * behind an answer that the client is `within`; `between` two it can read the next one.
 */
export type Hang = (client: 'within' | 'between') => void;

/** Ends an answer in the way that an `action` says. */
export function* endBy(action: 'close' | 'reset' | 'hang', hang: () => void): Generator<Step> {
  if (action === 'hang') hang();
  else yield closeInOrder(action === 'close' ? 'fin' : 'reset');
}

/** The behaviours of a toxic whose effect on each answer is made by `begin`; undefined lets that answer pass. */
export function actOnAnswers(
  context: ToxicContext<RequestValues>,
  dialogue: HttpDialogue,
  begin: (answer: Answer, hang: Hang) => AnswerEffect | undefined,
): Readonly<Record<Stream, Behaviour>> {
  const wanted = new WeakSet<HttpRequestHead>();
  const recognition = new HttpRecognition(context, dialogue);
  let effect: AnswerEffect | undefined;
  let hangs: Parameters<Hang>[0] | undefined;
  const hang: Hang = (client) => {
    hangs = client;
  };
  let offset = context.bytesBefore.downstream;

  function effectOn({ head, framing, request }: HttpResponsePart): AnswerEffect | undefined {
    if (!head || !framing || !request || !wanted.has(request)) return undefined;
    const interim = head.status < 200 && framing.kind !== 'tunnel';
    return interim ? undefined : begin({ head, framing }, hang);
  }
  function* act(parts: Iterable<HttpResponsePart>, at: number): Generator<Step> {
    for (const part of parts) {
      if (hangs === 'within' && !effect) yield until(Number.POSITIVE_INFINITY);
      effect ??= effectOn(part);
      const placed = { ...part, at, offset };
      offset += part.bytes.length;
      yield* effect?.part(placed) ?? deliver(placed);
      if (part.ends) effect = undefined;
    }
  }
  return {
    upstream: {
      *chunk(chunk) {
        for (const { head } of dialogue.readRequests(chunk.bytes)) {
          if (head && isWanted(context, head)) wanted.add(head);
        }
        yield pass(chunk);
        yield* recognition.note();
      },
    },
    downstream: {
      *chunk({ bytes, at }) {
        yield* mergeSends(act(dialogue.readResponses(bytes), at));
        yield* recognition.note();
      },
      idle: () => recognition.idleResponses(),
      *end() {
        yield* act(dialogue.endResponses(), context.now());
        if (hangs) yield until(Number.POSITIVE_INFINITY);
        yield passEnd;
      },
      *reset() {
        if (hangs) yield until(Number.POSITIVE_INFINITY);
        yield pass({ kind: 'reset' });
      },
      *lifted() {
        if (effect?.lossy) yield close('reset');
        yield* deliver({ bytes: dialogue.takeResponseRest(), at: context.now() });
      },
    },
  };
}
