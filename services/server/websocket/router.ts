/** Routes each message to the handler of its type, acknowledges unknown messages, and keeps statistics (R4.6). */
import type { Effect } from '../store/fleet.ts';
import { type Answer, acknowledge, type Handler, handlers } from './handlers.ts';
import { type Message, MessageError, type MessageId, parseMessage, toMessage } from './message.ts';
import { createRecentIds } from './recent-ids.ts';
import type { StatisticsRecorder } from './statistics.ts';

/** A message that was routed, as the log tells it. */
export interface RoutedMessage {
  readonly type: string;
  readonly id?: MessageId;
  readonly handler: string;
  effect?: Effect;
}

/** The connection that a message came over. */
export interface Origin {
  readonly connectionId: string;
  readonly user: string;
  onRouted(message: RoutedMessage): void;
}

export interface Router {
  /** The answers to one text frame, in order, and whether the connection is to be closed after them. */
  receive(text: string, origin: Origin): { answers: Answer[]; close: boolean };
}

const unknownHandler = 'unknown';

export function createRouter(statistics: StatisticsRecorder): Router {
  const byType = new Map<string, Handler>(
    handlers.flatMap((handler) => handler.types.map((type) => [type, handler] as const)),
  );
  const recent = createRecentIds(10_000);

  function route(message: Message, origin: Origin): { answers: Answer[]; close: boolean } {
    const handler = byType.get(message.type);
    if (handler === undefined) return acknowledgeUnknown(message, origin);
    statistics.routed(message.type, handler.name);
    const {
      answers,
      effect,
      close = false,
    } = handler.handle(message, {
      ...origin,
      isRepeated: ({ id }) => id !== undefined && recent.isRepeated(`${origin.user} ${typeof id} ${id}`),
      route: (value) => attempt(() => route(toMessage(value), origin)).answers,
    });
    origin.onRouted({
      ...nameOf(message),
      handler: handler.name,
      ...(effect === undefined ? {} : { effect }),
    });
    return { answers, close };
  }

  /** An unknown message is acknowledged even without an id, so that its sender learns that no handler took it. */
  function acknowledgeUnknown(message: Message, origin: Origin): { answers: Answer[]; close: boolean } {
    statistics.unknown();
    origin.onRouted({ ...nameOf(message), handler: unknownHandler });
    const answers = acknowledge(message, unknownHandler, { unknown: true });
    const anonymous = { type: 'ack', id: null, of: message.type, handler: unknownHandler, unknown: true };
    return { answers: answers.length > 0 ? answers : [anonymous], close: false };
  }

  function attempt(work: () => { answers: Answer[]; close: boolean }): { answers: Answer[]; close: boolean } {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      statistics.error();
      const { code, message, id = null } = error;
      return { answers: [{ type: 'error', id, code, message }], close: false };
    }
  }

  return { receive: (text, origin) => attempt(() => route(parseMessage(text), origin)) };
}

function nameOf({ type, id }: Message): { type: string; id?: MessageId } {
  return id === undefined ? { type } : { type, id };
}
