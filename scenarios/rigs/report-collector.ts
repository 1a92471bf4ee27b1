/**
 * A server of HTTP/2 that collects reports, and the subject's reporter. A report that comes again under its key has no
 * second effect. Each stands in the journal as `server.log` with event `report`, its sequence, key and effect.
 *
 *   subject ──agent→collector──► collector
 */
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Table } from 'shaketable';
import { startHardenedReporter, startNaiveReporter } from '../../services/agent/http2/index.ts';
import { meter } from './meter.ts';
import { openRecords } from './records.ts';
import { serverHost } from './reference.ts';

/** Reports that took effect. */
export const collected = { kind: 'server.log', event: 'report', effect: 'applied' } as const;

const intervalMs = 5_000;

/** The report that is answered 503 when it comes first. */
const unwell = 8;

/** Starts the collector behind a link, and the subject's reporter; both end with the table. */
export async function startCollector(table: Table): Promise<void> {
  const token = `collector-${table.random.fork('collector token').next().toString(36).slice(2)}`;
  table.plantSecret('collector token', token);
  const keys = new Set<string>();
  let complained = false;
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {}).once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const key = String(headers['idempotency-key']);
    if (headers.authorization !== `Bearer ${token}`)
      return void stream.respond({ ':status': 401 }, { endStream: true });
    json(stream).then(
      (body) => {
        const { sequence } = body as { sequence: number };
        if (sequence === unwell && !complained) {
          complained = true;
          return void stream.respond({ ':status': 503 }, { endStream: true });
        }
        const effect = keys.has(key) ? 'duplicate' : 'applied';
        keys.add(key);
        const message = `report ${sequence} ${effect}`;
        table.record('server', 'server.log', {
          level: 'info',
          event: 'report',
          message,
          sequence,
          key,
          effect,
        });
        if (!stream.destroyed) stream.respond({ ':status': 204 }, { endStream: true });
      },
      () => {},
    );
  });
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const link = await table.link('agent→collector', { host: '127.0.0.1', port });
  const start = table.subject === 'naive' ? startNaiveReporter : startHardenedReporter;
  const { clock, dial, stopWithTable } = meter(table, 'reporter', { tellSockets: false });
  const subject = start({
    url: `http://${serverHost}:${link.port}`,
    token,
    intervalMs,
    clock,
    random: table.random.fork('reporter'),
    dial,
    log: openRecords(table, 'agent', join(table.directory, 'reporter.log')).stream,
  });
  stopWithTable(() => subject[Symbol.asyncDispose]());
}
