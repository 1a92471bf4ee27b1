/**
 * A page to play faults by hand, for a proxy server that runs in this process: its links and connections, every toxic, what happens, and
 * the logs of who takes part.
 *
 *     proxies ─► view ──────► live ─► page ─► acts ─► proxies
 *     entries ─► history, lines ─┘
 */
import type { StartedProxy } from 'shaketable-proxy';
import { systemClock } from 'shaketable-proxy/clock';
import { linkActs } from './acts.ts';
import { type EntrySource, entriesOf } from './entry-source.ts';
import { History } from './history.ts';
import { toLine } from './lines.ts';
import { OneConnectionFaults } from './one-connection.ts';
import { type Place, type StartedPage, servePage } from './page-server.ts';
import { viewOf } from './view.ts';

export type { StartedPage } from './page-server.ts';

/** What a page is about. */
export interface PageOptions extends Place {
  readonly proxies: StartedProxy;
  /** @default what happens on the connections of `proxies` */
  readonly entries?: EntrySource;
  /** Of what it is the page, in a few words. */
  readonly title: string;
}

/** Lines that a page shows when it is opened. */
const recentLines = 300;

/** Serves it until it is disposed of. @throws LabError `LAB_PORT_TAKEN`, or `LAB_BAD_INPUT` for a token that is too short */
export async function startPage({ proxies, title, ...options }: PageOptions): Promise<StartedPage> {
  const clock = systemClock();
  const { entries = entriesOf(proxies, clock), port, token = process.env.SHAKETABLE_PAGE_TOKEN } = options;
  await using held = new AsyncDisposableStack();
  const history = new History(entries);
  held.defer(history.keep());
  const single = new OneConnectionFaults(proxies);
  held.defer(single.watch());
  const sight = {
    state: (filter: Parameters<typeof viewOf>[1]) => viewOf(proxies, filter),
    recent: () => history.entries.slice(-recentLines).map((entry) => toLine(entry, entries.startedAt)),
    onLine: (listener: (line: ReturnType<typeof toLine>) => void) =>
      entries.subscribe((entry) => listener(toLine(entry, entries.startedAt))),
  };
  const served = { sight, acts: linkActs(proxies, single), title, clock };
  const page = held.use(await servePage(served, { ...(port !== undefined && { port }), token }));
  const running = held.move();
  return { url: page.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
