/** The engine of another process. */
import { LabError, type LabErrorCode } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { createFeed, type Feed } from '../memory/feed.ts';
import type { Answered, CarriedError, Channel } from './messages.ts';

/** Speaks to the engine that `serveEngine` serves at the other end. */
export function createRemoteEngine(channel: Channel): Engine {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const feeds = new Map<number, { feed: Feed<unknown>; end: (error?: LabError) => void }>();
  let last = 0;
  let gone = false;

  channel.onMessage((message) => {
    const told = message as Answered;
    if ('item' in told) feeds.get(told.item)?.feed.push(told.value);
    else if ('end' in told) feeds.get(told.end)?.end();
    else if ('answer' in told) {
      const error = 'error' in told ? carriedError(told.error) : undefined;
      feeds.get(told.answer)?.end(error);
      const call = waiting.get(told.answer);
      if (error) call?.reject(error);
      else if ('value' in told) call?.resolve(told.value);
    }
  });
  channel.onGone(() => {
    gone = true;
    for (const call of waiting.values()) call.reject(unreachable());
    for (const { end } of feeds.values()) end(unreachable());
  });

  const ask = async <T>(verb: string, args: readonly unknown[], signal?: AbortSignal): Promise<T> => {
    if (gone) throw unreachable();
    last += 1;
    const id = last;
    const call = Promise.withResolvers<unknown>();
    const stop = (): void => channel.send({ stop: id });
    waiting.set(id, call);
    signal?.addEventListener('abort', stop, { once: true });
    channel.send({ ask: id, verb, args });
    try {
      return (await call.promise) as T;
    } finally {
      waiting.delete(id);
      signal?.removeEventListener('abort', stop);
    }
  };
  async function* follow<T>(verb: string, run: string, signal: AbortSignal): AsyncIterable<T> {
    if (gone) throw unreachable();
    last += 1;
    const id = last;
    const over = new AbortController();
    let failure: LabError | undefined;
    const feed = createFeed<unknown>();
    const end = (error?: LabError): void => {
      failure = error;
      over.abort();
    };
    feeds.set(id, { feed, end });
    const items = feed.follow(AbortSignal.any([over.signal, signal]));
    channel.send({ ask: id, verb, args: [run] });
    try {
      for await (const item of items) yield item as T;
      if (failure) throw failure;
    } finally {
      feeds.delete(id);
      if (!gone) channel.send({ stop: id });
    }
  }

  return {
    address: 'embedded',
    open: (manifest) => ask('open', [manifest]),
    runs: () => ask('runs', []),
    submit: (run, units) => ask('submit', [run, units]),
    claim: (run, worker, waitMs, signal) => ask('claim', [run, worker, waitMs], signal),
    extend: (lease) => ask('extend', [lease]),
    complete: (lease, body) => ask('complete', [lease, body]),
    fail: (lease, reason) => ask('fail', [lease, reason]),
    watch: (run, signal) => follow('watch', run, signal),
    putBlob: (run, name, bytes) => ask('putBlob', [run, name, bytes]),
    getBlob: (run, name) => ask('getBlob', [run, name]),
    broadcast: (run, message) => ask('broadcast', [run, message]),
    listen: (run, signal) => follow('listen', run, signal),
    remove: (run) => ask('remove', [run]),
    [Symbol.asyncDispose]: async () => {},
  };
}

function carriedError({ code, message, hint }: CarriedError): LabError {
  return new LabError(code as LabErrorCode, message, hint === undefined ? {} : { hint });
}

function unreachable(): LabError {
  return new LabError('LAB_QUEUE_GONE', 'The process that hands out work is gone', {
    hint: 'It was stopped or killed; begin the run again.',
  });
}
