/**
 * A page to play faults by hand, for a proxy server that runs in this process: its links and connections, every toxic, what happens, and
 * the logs of who takes part.
 *
 *     proxies ─► view ────────────► live ─► page ─► acts ─► proxies, programs
 *     entries ─► history ─► lines ──┘                  └─► saving ◄─ recorder, history
 */
import type { StartedProxy } from 'shaketable-proxy';
import { systemClock } from 'shaketable-proxy/clock';
import { linkActs, programActs } from './acts.ts';
import { type EntrySource, entriesOf } from './entry-source.ts';
import { History } from './history.ts';
import { linesOf } from './lines.ts';
import type { Sight } from './live.ts';
import { OneConnectionFaults } from './one-connection.ts';
import { type Place, type StartedPage, servePage } from './page-server.ts';
import { Programs } from './programs.ts';
import { Recorder } from './recorder.ts';
import { savingActs } from './saving/index.ts';
import type { Stage } from './stage.ts';
import { viewOf } from './view.ts';

export type { StartedPage } from './page-server.ts';
export type { Env, Stage, StageProgram } from './stage.ts';

/** What a page is about. */
export interface PageOptions extends Place {
  readonly proxies: StartedProxy;
  /** @default what happens on the connections of `proxies` */
  readonly entries?: EntrySource;
  /** Of what it is the page, in a few words. */
  readonly title: string;
  /** Programs that it starts, and how scenarios start them. @default none */
  readonly stage?: Stage | undefined;
  /** What is saved is written below it. @default the working directory */
  readonly directory?: string;
}

/** Lines that a page shows when it is opened. */
const recentLines = 300;

/** Serves it until it is disposed of. @throws LabError `LAB_PORT_TAKEN`, or `LAB_BAD_INPUT` for a token that is too short */
export async function startPage({ proxies, title, ...options }: PageOptions): Promise<StartedPage> {
  const clock = systemClock();
  const { entries = entriesOf(proxies, clock), directory = process.cwd(), stage } = options;
  const { port, token = process.env.SHAKETABLE_PAGE_TOKEN } = options;
  await using held = new AsyncDisposableStack();
  const history = new History(entries);
  held.defer(history.keep());
  const recorder = new Recorder(proxies, history, clock);
  held.defer(recorder.watch());
  const programs = stage && held.use(new Programs(stage, recorder));
  const single = new OneConnectionFaults(proxies);
  held.defer(single.watch());
  const sight: Sight = {
    state: (filter) => ({
      ...viewOf(proxies, filter),
      recording: recorder.row(),
      ...(programs && { programs: programs.rows() }),
    }),
    recent: () => linesOf(history.entries.slice(-3 * recentLines), history).slice(-recentLines),
    onLine: (listener) =>
      history.subscribe((entry) => {
        for (const line of linesOf([entry], history)) listener(line);
      }),
  };
  const acts = {
    ...linkActs(proxies, single),
    ...(programs && programActs(programs)),
    ...savingActs({ recorder, history, stage, directory }),
  };
  const served = { sight, acts, title, clock };
  const page = held.use(await servePage(served, { ...(port !== undefined && { port }), token }));
  const running = held.move();
  return { url: page.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
