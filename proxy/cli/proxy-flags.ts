/** The flags of the command: those of `toxiproxy-server`, and `-compat`. */
import type { GoFlag } from './go-flags.ts';

export const proxyFlags = {
  host: { takes: 'text', initial: 'localhost' },
  port: { takes: 'text', initial: '8474' },
  config: { takes: 'text', initial: '' },
  seed: { takes: 'integer', initial: undefined },
  compat: { takes: 'nothing', initial: false },
  'strict-clients': { takes: 'nothing', initial: false },
  'keep-connections': { takes: 'integer', initial: undefined },
  'proxy-metrics': { takes: 'nothing', initial: false },
  'runtime-metrics': { takes: 'nothing', initial: false },
  ui: { takes: 'nothing', initial: false },
  'ui-port': { takes: 'text', initial: '0' },
  version: { takes: 'nothing', initial: false },
} as const satisfies Readonly<Record<string, GoFlag>>;

/** Where the API listens. */
export function apiAddress({
  host,
  port,
}: {
  readonly host: string;
  readonly port: string | number;
}): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What `-help` prints; `command` is how the user called it. */
export const proxyUsage = (command: string): string => `Usage: ${command} [flags]

The fault proxy alone, in the place of toxiproxy-server: the same HTTP API, flags, configuration file and log, and
faults that Toxiproxy does not have. Flags take one dash or two, and -flag value or -flag=value.

  -host HOST          where the API listens (default localhost); "" is every interface
  -port PORT          its port (default 8474); 0 is any free one, which the log names
  -config FILE        proxies to start with: a JSON array as POST /populate takes, with their toxics
  -seed N             seed of every random choice: the same traffic meets the same faults again
                      (default a new one, which the log names)
  -compat             do as Toxiproxy does also where that is not what TCP does (no half-close, a
                      reset arrives as FIN, and others)
  -strict-clients     list toxics that Toxiproxy does not have as a latency of 0 ms, under their names, for clients
                      that cannot read other types (Java, .NET, Rust)
  -keep-connections N connections that ended of which GET /connections tells (default 10000)
  -proxy-metrics      figures of the proxies at GET /metrics, for Prometheus
  -runtime-metrics    figures of the process there
  -ui                 serve a page to play faults by hand, on loopback; its address, with a token, is
                      printed on standard error (the page comes with the lab: shaketable proxy -ui)
  -ui-port PORT       the page's port (default 0, any free one)
  -version            print the version
  -help               print this

The environment variable LOG_LEVEL (trace, debug, info, warn, error, fatal, panic or disabled) says what is logged, as
JSON lines on standard output; without it, everything. SIGINT and SIGTERM end all connections and the program, exit
code 0. Exit code 2: wrong flags. Exit code 3: the API cannot listen where it should.

To try it: a proxy in front of port 3306, then 200 ms on what comes back.

  ${command} &
  curl localhost:8474/proxies -d '{"name":"db","listen":"localhost:13306","upstream":"localhost:3306"}'
  curl localhost:8474/proxies/db/toxics -d '{"type":"latency","attributes":{"latency":200}}'
  curl localhost:8474/connections
  curl -N localhost:8474/events

Documentation: docs/proxy/README.md has the API and every fault, docs/from-toxiproxy.md the differences.`;
