/** Serves an engine to another process. */
import { isLabError } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import {
  type Answered,
  type Asked,
  asked,
  type CarriedError,
  type Channel,
  followed,
  type Stopped,
} from './messages.ts';

/** Answers on `channel` until the other end is gone; what it had asked for is stopped then. */
export function serveEngine(engine: Engine, channel: Channel): void {
  const running = new Map<number, AbortController>();
  const send = (message: Answered): void => channel.send(message);
  const stopAll = (): void => {
    off();
    for (const controller of running.values()) controller.abort();
  };
  const off = channel.onMessage((message) => {
    if (isStop(message)) running.get(message.stop)?.abort();
    else if (isAsk(message)) void answer(message);
  });
  channel.onGone(stopAll);

  async function answer({ ask, verb, args }: Asked): Promise<void> {
    const controller = new AbortController();
    running.set(ask, controller);
    try {
      if (includes(followed, verb)) {
        const [run] = args as [string];
        for await (const value of engine[verb](run, controller.signal)) send({ item: ask, value });
        send({ end: ask });
      } else if (includes(asked, verb)) {
        const method = engine[verb] as (...args: readonly unknown[]) => Promise<unknown>;
        const given = verb === 'claim' ? [...args, controller.signal] : args;
        send({ answer: ask, value: await method(...given) });
      }
    } catch (error) {
      send({ answer: ask, error: carried(error) });
    } finally {
      running.delete(ask);
    }
  }
}

function carried(error: unknown): CarriedError {
  if (!isLabError(error)) return { code: 'LAB_INTERNAL', message: String(error) };
  const { code, message, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

const includes = <const Word extends string>(words: readonly Word[], word: string): word is Word =>
  (words as readonly string[]).includes(word);

const isAsk = (message: unknown): message is Asked =>
  typeof message === 'object' && message !== null && 'ask' in message;

const isStop = (message: unknown): message is Stopped =>
  typeof message === 'object' && message !== null && 'stop' in message;
