/** What the page shows of the proxy server: its links with their toxics, and so many of their connections. */
import type { ListedConnection, ProxyHandle, StartedProxy, ToxicFacts } from 'shaketable-proxy';
import type { ConnectionFilter, ConnectionRow, LinkRow, ToxicRow, Update } from './messages.ts';
import { pauseOf } from './one-connection.ts';

/** Links, and toxics of one: more than anybody reads. */
const mostRows = 200;
/** Rows of the table: few enough to be drawn several times a second. */
const mostConnections = 100;

/** Links in the order in which they were made; open connections, the newest first, and behind them those that ended last. */
export function viewOf(
  proxies: StartedProxy,
  { link, ended }: ConnectionFilter,
): Required<Pick<Update, 'links' | 'connections'>> {
  const all = proxies.listConnections();
  const open = all.filter(isOpen);
  const opens = Map.groupBy(open, ({ proxy }) => proxy);
  const links = proxies.proxies;
  const shown = [...open.toReversed(), ...(ended ? all.filter((one) => !isOpen(one)) : [])].filter(
    ({ proxy }) => link === '' || proxy === link,
  );
  return {
    links: {
      rows: links.slice(0, mostRows).map((proxy) => toLink(proxy, opens.get(proxy.name)?.length ?? 0)),
      all: links.length,
    },
    connections: {
      rows: shown.slice(0, mostConnections).map(toConnection),
      open: open.length,
      fitting: shown.length,
    },
  };
}

const isOpen = ({ end }: ListedConnection): boolean => end === undefined;

function toLink({ name, listen, upstream, enabled, toxics }: ProxyHandle, open: number): LinkRow {
  return { name, listen, upstream, enabled, open, toxics: toxics.slice(0, mostRows).map(toToxic) };
}

function toToxic({ name, type, stream, attributes, toxicity, strikes, only }: ToxicFacts): ToxicRow {
  return { name, type, stream, attributes, toxicity, strikes, ...(only && { only }) };
}

function toConnection(connection: ListedConnection): ConnectionRow {
  const { id, proxy: link, connection: number, state, protocol, openedAt, end, toxics } = connection;
  return {
    id,
    link,
    number,
    state,
    protocol,
    client: `${connection.clientAddress}:${connection.clientPort}`,
    openedAt: Math.round(openedAt),
    lastAt: Math.round((openedAt + connection.ageMs - connection.idleMs) / 100) * 100,
    bytesUp: connection.bytesUp,
    bytesDown: connection.bytesDown,
    toxics,
    strikes: connection.strikes.map(strikeText),
    paused: toxics.includes(pauseOf(number)),
    ...(end && { end: `${end.how} by ${end.by}` }),
  };
}

/** A strike that reached nobody stands in brackets. */
function strikeText({ toxic, count, reached }: ListedConnection['strikes'][number]): string {
  const times = count === 1 ? toxic : `${toxic} ×${count}`;
  return reached === 0 ? `(${times})` : times;
}
