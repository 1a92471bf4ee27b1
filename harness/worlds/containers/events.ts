/**
 * What a proxy in a container sees, as it happens: its stream of server-sent events, read until it is closed.
 */
import type { ProxyEvent } from 'shaketable-proxy';

/** An open stream of events. Disposal ends it. */
export interface FollowedEvents extends AsyncDisposable {
  /** Resolves when everything that happened before the proxy called `name` was stopped has been told. */
  untilStopped(name: string): Promise<void>;
}

/** Follows the events of the proxy server whose API answers at `apiUrl`; they begin when this resolves. */
export async function followEvents(
  apiUrl: string,
  onEvent: (event: ProxyEvent) => void,
): Promise<FollowedEvents> {
  const closed = new AbortController();
  const stopped = new Map<string, PromiseWithResolvers<void>>();
  const stopOf = (name: string): PromiseWithResolvers<void> => {
    const known = stopped.get(name) ?? Promise.withResolvers<void>();
    stopped.set(name, known);
    return known;
  };
  const response = await fetch(`${apiUrl}/events`, { signal: closed.signal });
  const reading = readEvents(response, (event) => {
    onEvent(event);
    if (event.type === 'proxy-stopped') stopOf(event.proxy).resolve();
  });
  // A server that went away ends the stream; whoever waits for more must not wait for ever.
  const over = reading.catch(() => {});
  return {
    untilStopped: (name) => Promise.race([stopOf(name).promise, over]),
    async [Symbol.asyncDispose]() {
      closed.abort();
      await over;
    },
  };
}

/** Messages are parted by an empty line; only their data matter here. */
async function readEvents(response: Response, onEvent: (event: ProxyEvent) => void): Promise<void> {
  if (!response.body) return;
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const messages = (rest + text).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      const type = /^event: (.*)$/m.exec(message)?.[1];
      if (data !== undefined && type !== 'dropped') onEvent(JSON.parse(data) as ProxyEvent);
    }
  }
}
