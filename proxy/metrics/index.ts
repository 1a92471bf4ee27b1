/** What `GET /metrics` answers, if it is asked to: figures of the proxies, of the process, or both. */
import type { Broadcast } from '../core/broadcast.ts';
import type { ConnectionTable, ListedConnection } from '../engine/connection-table.ts';
import { Family } from './family.ts';
import { ProxyMetrics } from './proxy-metrics.ts';
import { RuntimeMetrics } from './runtime-metrics.ts';

/** Which figures are kept. */
export interface MetricsOptions {
  /** Of the proxies, as under Toxiproxy's `-proxy-metrics`. @default false */
  readonly proxy?: boolean;
  /** Of the process, as under its `-runtime-metrics`. @default false */
  readonly runtime?: boolean;
}

/** Figures that are being kept. */
export interface Metrics {
  /** A connection ended. */
  ended(connection: ListedConnection): void;
  /** In Prometheus' text format. */
  render(): string;
}

/** Begins to keep figures; undefined when none are wanted. */
export function keepMetrics(
  { proxy = false, runtime = false }: MetricsOptions,
  table: ConnectionTable,
  broadcast: Broadcast,
): Metrics | undefined {
  if (!proxy && !runtime) return undefined;
  const proxies = proxy ? new ProxyMetrics(table) : undefined;
  const process = runtime ? new RuntimeMetrics() : undefined;
  if (proxies) broadcast.subscribe((event) => proxies.observe(event));
  return {
    ended: (connection) => proxies?.ended(connection),
    render: () => [process, proxies, handlerErrors()].join(''),
  };
}

/** Always there and always 0 with the real server too, short of a bug in it. */
function handlerErrors(): Family {
  const family = new Family({
    name: 'promhttp_metric_handler_errors_total',
    help: 'Total number of internal errors encountered by the promhttp metric handler.',
    type: 'counter',
    labels: ['cause'],
  });
  return family.add(0, 'encoding').add(0, 'gathering');
}
