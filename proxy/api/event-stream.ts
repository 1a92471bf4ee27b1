/**
 * `GET /events`: everything that happens, as server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). A reader that falls behind loses events, which bounds
 * the memory it costs, and receives their number.
 */
import type { ServerResponse } from 'node:http';
import type { Broadcast } from '../core/broadcast.ts';
import type { Clock } from '../core/clock.ts';

/** A comment so often, so that a reader that is gone is noticed, ms. */
const heartbeatMs = 15_000;

/** Streams events from now on until the response is closed; beyond `lagBytes` of unread ones they are left out. */
export function streamEvents(
  response: ServerResponse,
  { broadcast, clock, lagBytes }: { broadcast: Broadcast; clock: Clock; lagBytes: number },
): void {
  // The client may have left while its request waited for its turn; nothing would end the stream then.
  if (response.destroyed) return;
  const closed = new AbortController();
  let unread = 0;
  let dropped = 0;
  const write = (text: string): void => {
    if (unread + text.length > lagBytes) {
      dropped += 1;
      return;
    }
    unread += text.length;
    response.write(text, () => {
      unread -= text.length;
      tellDropped();
    });
  };
  const tellDropped = (): void => {
    if (dropped === 0 || unread > lagBytes / 2) return;
    response.write(`event: dropped\ndata: ${JSON.stringify({ dropped })}\n\n`);
    dropped = 0;
  };

  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': the events of this proxy server, from now on\n\n');
  const unsubscribe = broadcast.subscribe((event, number) =>
    write(`id: ${number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  );
  response.once('close', () => {
    unsubscribe();
    closed.abort();
  });
  void beat(clock, closed.signal, () => write(':\n\n')).catch(() => {});
}

/** Ends by rejecting, once `signal` is aborted. */
async function beat(clock: Clock, signal: AbortSignal, heart: () => void): Promise<never> {
  for (;;) {
    await clock.sleep(heartbeatMs, signal);
    heart();
  }
}
