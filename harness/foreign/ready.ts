/** When a foreign subject counts as started: seen at the proxy, said in its log, or found at a port. Its limit is real time. */
import { connect } from 'node:net';
import { systemClock } from 'shaketable-proxy/clock';
import type { Matcher } from '../journal/matcher.ts';
import type { Link } from '../worlds/link.ts';
import type { Table } from '../worlds/table.ts';
import type { ForeignSubject } from './subject.ts';

/** Between two looks at a port, in real milliseconds. */
const lookEveryMs = 50;

/** A wait for readiness. */
interface Readiness {
  /** Undefined once it is ready; why not, in words, when it was not in time. */
  readonly ready: Promise<string | undefined>;
  /** Ends looking. */
  stop(): void;
}

/** Begins to look, before the subject is started: what it does first must not be missed. */
export function watchReady(table: Table, subject: ForeignSubject, link: Link): Readiness {
  const { ready } = subject;
  const over = new AbortController();
  const late = `${inWords(subject)} did not come within ${ready.withinMs / 1_000} s`;
  const look = async (): Promise<string | undefined> => {
    const withinMs = ready.withinMs * table.pace;
    if ('firstConnection' in ready) return (await table.until(opened(link), { withinMs })) ? undefined : late;
    if ('log' in ready) return (await table.until(says(ready.log), { withinMs })) ? undefined : late;
    const clock = systemClock();
    const until = clock.now() + ready.withinMs;
    const answers = 'port' in ready ? () => isOpen(ready.port) : () => isAnswered(ready.http);
    while (!over.signal.aborted && clock.now() < until) {
      if (await answers()) return undefined;
      await clock.sleep(lookEveryMs, over.signal).catch(() => undefined);
    }
    return late;
  };
  return { ready: look(), stop: () => over.abort() };
}

const opened = (link: Link): Matcher => ({ kind: 'connection.open', link: link.name });

const says = (expression: string): Matcher => ({ kind: 'agent.log', message: { matches: expression } });

function inWords({ ready }: ForeignSubject): string {
  if ('log' in ready) return `a log line that matches /${ready.log}/`;
  if ('port' in ready) return `a listener on port ${ready.port}`;
  return 'http' in ready ? `an answer from ${ready.http}` : 'a connection to the server';
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const end = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/** Whatever it answers: somebody is there. */
async function isAnswered(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.ok;
    },
    () => false,
  );
}
