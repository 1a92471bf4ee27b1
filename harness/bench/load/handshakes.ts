/**
 * TLS handshakes, one connection each, with verification on. A connection counts once a byte went there and back inside:
 * node:tls turns a certificate down only after the handshake, and a session's ticket may come after it as well.
 *
 *     connect ─► [ ClientHello … Finished ] ─► x ─► echo ─► close
 *                 what is timed
 */
import tls from 'node:tls';
import type { Clock } from 'shaketable-proxy/clock';
import { createPace, identityOf, type ServerTarget } from './server-target.ts';

/** What is asked for. */
export interface HandshakeJob {
  readonly port: number;
  /** The authority to trust, PEM; without one, those that Node knows. */
  readonly ca?: string;
  /** A server that is not ours, which is asked by GET; without it, one that echoes. */
  readonly server?: ServerTarget;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly count: number;
  /** How many at a time. */
  readonly concurrency: number;
  /**
   * Which connections offer a session: none, all (after one more that obtains it), or every other one (the first does not,
   * and obtains it).
   */
  readonly offer: 'never' | 'always' | 'alternately';
}

/** What became of connections, by whoever counted. */
export interface HandshakeCounts {
  readonly full: number;
  readonly resumed: number;
  readonly failed: number;
}

/** What the load saw. */
export interface HandshakeLoad extends HandshakeCounts {
  /** Of those that did as asked: resumed where a session was offered, full where none was. ms. */
  readonly timesMs: { readonly full: readonly number[]; readonly resumed: readonly number[] };
  /** Connections that offered a session. */
  readonly offered: number;
  /** Codes of errors, with how often each was met. */
  readonly errors: Readonly<Record<string, number>>;
}

type Outcome =
  | { readonly ms: number; readonly resumed: boolean; readonly session: Buffer | undefined }
  | { readonly error: string };

/** Shakes hands as the job says. */
export async function shakeHands(job: HandshakeJob, clock: Clock): Promise<HandshakeLoad> {
  const tally = new Tally();
  const offers = offersOf(job);
  const first = await shakeOnce(job, undefined, clock);
  tally.add(first, undefined);
  const session = 'session' in first ? first.session : undefined;
  const pace = job.server ? createPace(job.server.perSecond, clock) : async () => {};
  await pace(); // The first connection has taken its turn.
  const work = async (): Promise<void> => {
    for (let offer = offers.pop(); offer !== undefined; offer = offers.pop()) {
      await pace();
      const offered = offer ? session : undefined;
      tally.add(await shakeOnce(job, offered, clock), offered);
    }
  };
  await Promise.all(Array.from({ length: job.concurrency }, work));
  return tally.load();
}

/** For each connection after the first whether it offers a session. */
function offersOf({ count, offer }: HandshakeJob): boolean[] {
  const length = offer === 'always' ? count : count - 1;
  return Array.from(
    { length },
    (_, index) => offer === 'always' || (offer === 'alternately' && index % 2 === 0),
  );
}

class Tally {
  #full = 0;
  #resumed = 0;
  #failed = 0;
  #offered = 0;
  readonly #timesMs = { full: [] as number[], resumed: [] as number[] };
  readonly #errors: Record<string, number> = {};

  add(outcome: Outcome, offered: Buffer | undefined): void {
    if (offered) this.#offered += 1;
    if ('error' in outcome) {
      this.#failed += 1;
      this.#errors[outcome.error] = (this.#errors[outcome.error] ?? 0) + 1;
    } else if (outcome.resumed) {
      this.#resumed += 1;
      this.#timesMs.resumed.push(outcome.ms);
    } else {
      this.#full += 1;
      if (!offered) this.#timesMs.full.push(outcome.ms);
    }
  }

  load(): HandshakeLoad {
    return {
      full: this.#full,
      resumed: this.#resumed,
      failed: this.#failed,
      offered: this.#offered,
      timesMs: this.#timesMs,
      errors: this.#errors,
    };
  }
}

function shakeOnce(
  { port, ca, version, server }: HandshakeJob,
  offered: Buffer | undefined,
  clock: Clock,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    ...(ca === undefined ? {} : { ca }),
    ...identityOf(server ?? { hostname: 'localhost' }),
    minVersion: version,
    maxVersion: version,
    ...(offered ? { session: offered } : {}),
  });
  let outcome: Outcome = { error: 'closed' };
  let connectedAt = 0;
  let ms = 0;
  let session: Buffer | undefined;
  socket.once('connect', () => {
    connectedAt = clock.now();
  });
  socket.on('session', (ticket: Buffer) => {
    session = ticket;
  });
  socket.once('secureConnect', () => {
    ms = clock.now() - connectedAt;
    socket.write(server ? askOnce(server) : 'x');
  });
  socket.once('data', () => {
    outcome = { ms, resumed: socket.isSessionReused(), session };
    // What an answer of any length goes on with is of no use.
    if (server) socket.destroy();
    else socket.end();
  });
  if (server) socket.setTimeout(server.timeoutMs, () => socket.destroy(timedOut()));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if ('error' in outcome) outcome = { error: error.code ?? error.message };
  });
  socket.once('close', () => resolve(outcome));
  return promise;
}

const askOnce = ({ path, host }: ServerTarget): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\nConnection: close\r\n\r\n`;

const timedOut = (): Error => Object.assign(new Error('No answer'), { code: 'ETIMEDOUT' });
