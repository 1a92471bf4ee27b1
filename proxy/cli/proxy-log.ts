/** Events of the proxy as lines of its log: Toxiproxy's where it has them, and one for each strike and for each toxic that cannot act. */
import type { ProxyEvent } from '../core/events.ts';
import type { Registry } from '../engine/registry.ts';
import type { JsonLog } from './json-log.ts';

/** Writes what an event is worth in a log; most are worth nothing. */
export function logProxyEvent(log: JsonLog, registry: Registry, event: ProxyEvent): void {
  if (event.connection === undefined) return;
  const { proxy, connection } = event;
  const context = { name: proxy, connection };
  if (event.type === 'open') {
    const { listen, upstream } = registry.find(proxy) ?? {};
    const client = `${event.clientAddress}:${event.clientPort}`;
    log('info', 'Accepted client', { ...context, listen, upstream, client });
  } else if (event.type === 'upstream-refused') {
    const { upstream } = registry.find(proxy) ?? {};
    log('error', 'Unable to open connection to upstream', { ...context, upstream, error: event.code });
  } else if (event.type === 'strike') {
    const { toxic, toxicType, stream, reason, offset, bytes, delivered, reached } = event;
    const fact = { toxic, type: toxicType, stream, reason, offset, bytes, delivered, reached };
    log('info', 'Toxic struck', { ...context, ...fact });
  } else if (event.type === 'skip') {
    const { toxic, toxicType, reason } = event;
    log('warn', 'Toxic cannot act', { ...context, toxic, type: toxicType, reason });
  } else if (event.type === 'close') {
    const { end, by, bytesUp, bytesDown, ageMs } = event;
    log('debug', 'Connection ended', { ...context, end, by, bytesUp, bytesDown, ageMs: Math.round(ageMs) });
  }
}
