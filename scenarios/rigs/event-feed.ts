/**
 * A server of events (WHATWG HTML, section 9.2) and its reader. Every five seconds of lab time there is an event,
 * numbered from 1; who asks with `Last-Event-ID` first gets those behind it. Each stands in the journal as `server.log`
 * with event `feed_event` when there is one, each stream as `feed_opened`, and what the reader got as a note `event`.
 *
 *   subject ──agent→feed──► feed
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Table } from 'shaketable';
import { startHardenedEventReader, startNaiveEventReader } from '../../services/agent/events/index.ts';
import { meter } from './meter.ts';
import { openRecords } from './records.ts';
import { serverHost } from './reference.ts';

/** Events that there were, streams that began or were refused, and events that the subject got. */
export const published = { kind: 'server.log', event: 'feed_event' } as const;
export const opened = { kind: 'server.log', event: 'feed_opened' } as const;
export const refused = { kind: 'server.log', event: 'feed_refused' } as const;
export const got = { kind: 'subject.note', name: 'event' } as const;

const everyMs = 5_000;

/** What the feed tells its readers. */
export interface FeedOptions {
  /** `retry:` of each stream, lab milliseconds. */
  readonly retryMs: number;
}

/** Starts the feed behind a link, and the subject's reader of it; both end with the table. */
export async function startFeed(table: Table, { retryMs }: FeedOptions): Promise<{ readonly url: string }> {
  const token = `feed-${table.random.fork('feed token').next().toString(36).slice(2)}`;
  table.plantSecret('feed token', token);
  const streams = new Set<ServerResponse>();
  const stopped = new AbortController();
  let last = 0;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      record(table, 'feed_refused', {});
      return void response.writeHead(401).end();
    }
    const lastEventId = Number(request.headers['last-event-id'] ?? last);
    record(table, 'feed_opened', { lastEventId: request.headers['last-event-id'] ?? 'none' });
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: ${retryMs}\n\n`);
    for (let id = lastEventId + 1; id <= last; id += 1) response.write(eventOf(id));
    streams.add(response);
    response.on('error', () => {}).once('close', () => streams.delete(response));
  });
  const publish = async (): Promise<void> => {
    for (;;) {
      await table.clock.sleep(everyMs, stopped.signal);
      last += 1;
      record(table, 'feed_event', { number: last });
      for (const stream of streams) stream.write(eventOf(last));
    }
  };
  table.serve({
    async [Symbol.asyncDispose]() {
      stopped.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  publish().catch(() => {});
  const { port } = server.address() as AddressInfo;
  const link = await table.link('agent→feed', { host: '127.0.0.1', port });
  const url = `http://${serverHost}:${link.port}/events`;
  readEvents(table, { url, token });
  return { url };
}

/** Starts a reader of the subject's kind, which stops with the table. */
export function readEvents(
  table: Table,
  { url, token }: { readonly url: string; readonly token: string },
  who = 'event reader',
): void {
  const start = table.subject === 'naive' ? startNaiveEventReader : startHardenedEventReader;
  const { clock, dial, stopWithTable } = meter(table, who, { tellSockets: false });
  const subject = start({
    url,
    token,
    ca: table.authority.certPem,
    clock,
    random: table.random.fork(who),
    dial,
    log: openRecords(table, 'agent', join(table.directory, 'events.log')).stream,
    onEvent: ({ id, data }) => void table.note('event', { id, number: Number(data) }),
  });
  stopWithTable(() => subject[Symbol.asyncDispose]());
}

const eventOf = (id: number): string => `id: ${id}\nevent: price\ndata: ${id}\n\n`;

function record(table: Table, event: string, fields: Readonly<Record<string, unknown>>): void {
  table.record('server', 'server.log', { level: 'info', event, message: event, ...fields });
}
