/**
 * One connection through a proxy, from accept to close: an upstream is dialled, two links carry the bytes, and what
 * ends one side is handed to the other as it came, FIN as FIN and RST as RST.
 *
 *     accepted ─► silent ─► handshaking ─► dialling ─► open ─► closing, forgotten ─► closed
 */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import type { Dial, Target } from '../../dial.ts';
import { type ConnectionTap, type Protocol, tapConnection } from '../../taps/protocol-tap.ts';
import type { Quirks } from '../compatibility.ts';
import type { ConnectionEnd, EndedBy, ProxyEventFacts, Stream } from '../events.ts';
import { ClientHandshake } from '../tls/client-handshake.ts';
import type { Termination } from '../tls/termination.ts';
import type { StrikeFact } from '../toxics/contract.ts';
import { type EndFacts, Evidence, type StrikeCount, type TlsFacts } from './evidence.ts';
import { Link, type LinkHost, type ToxicInForce } from './link.ts';
import { LONGEST_SLEEP_MS } from './meanwhile.ts';
import { park } from './parking.ts';
import { finishStream, forgetStreams, resetBehindBytes, resetStream, resetWhenWritten } from './sockets.ts';
import type { Step } from './steps.ts';
import { type Behaviours, Ties } from './ties.ts';
import type { Toxic } from './toxic.ts';

export type ConnectionState =
  | 'silent'
  | 'handshaking'
  | 'dialling'
  | 'open'
  | 'closing'
  | 'forgotten'
  | 'closed';

/** What a connection needs of its proxy. */
export interface ConnectionHost {
  readonly clock: Clock;
  readonly dial: Dial;
  readonly quirks: Quirks;
  /** Whether connections are read to tell their protocol and TLS facts. */
  readonly taps: boolean;
  /** Where the proxy leads; throws when its text is no address. */
  target(): Target;
  /** In the order they were added. */
  readonly toxics: readonly Toxic[];
  /** How TLS is taken off at the proxy; undefined where it passes as it is. */
  tls(): Termination | undefined;
  /** The proxy's stream of draws. */
  readonly random: Random;
  emit(connection: number, facts: ProxyEventFacts): void;
  /** Nothing is dialled for it any more, whatever came of it. */
  admitted(connection: Connection): void;
  /** The connection is over. */
  closed(connection: Connection): void;
}

/** A connection, as the table of connections shows it. */
export interface ConnectionFacts {
  /** 1, 2, 3 … for each proxy, in the order in which connections were accepted. */
  readonly connection: number;
  readonly state: ConnectionState;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** The proxy's own port towards the server; undefined until connected, as the server's address and port are. */
  readonly localPort: number | undefined;
  readonly serverAddress: string | undefined;
  readonly serverPort: number | undefined;
  /** Epoch ms. */
  readonly openedAt: number;
  readonly ageMs: number;
  /** Since a byte last moved. */
  readonly idleMs: number;
  /** Bytes that came from the client, and how many of them were handed on to the server. */
  readonly receivedUp: number;
  readonly bytesUp: number;
  /** Bytes that came from the server, and how many of them were handed on to the client. */
  readonly receivedDown: number;
  readonly bytesDown: number;
  /** By the first bytes. */
  readonly protocol: Protocol;
  /** Of a connection that begins with a ClientHello. */
  readonly tls: TlsFacts | undefined;
  /** The toxics that apply to this connection. */
  readonly toxics: readonly string[];
  /** Those that have struck it. */
  readonly strikes: readonly StrikeCount[];
  /** Of a connection that is over. */
  readonly end: EndFacts | undefined;
}

type Endpoint = Pick<net.Socket, 'remoteAddress' | 'remotePort'> & { readonly localPort: number | undefined };

interface Cause {
  readonly end: ConnectionEnd;
  readonly by: EndedBy;
}

export class Connection {
  readonly number: number;
  readonly #host: ConnectionHost;
  readonly #socket: net.Socket;
  /** The accepted socket, or what is inside its TLS. */
  #client: Duplex;
  readonly #clientPort: number;
  readonly #clientAddress: string;
  readonly #openedAt: number;
  readonly #ties: Ties;
  readonly #inForce = new Map<Toxic, Behaviours>();
  #upstream: Duplex | undefined;
  #links: Readonly<Record<Stream, Link>> | undefined;
  #tap: ConnectionTap | undefined;
  #handshake: ClientHandshake | undefined;
  /** Kept, since a closed socket no longer knows. */
  #server: Endpoint = { localPort: undefined, remoteAddress: undefined, remotePort: undefined };
  readonly #evidence = new Evidence();
  #unpark: (() => void) | undefined;
  #state: ConnectionState = 'silent';
  #cause: Cause | undefined;
  #lastActivityAt: number;
  #nextChange: AbortController | undefined;
  /** Every end of it goes out as a RST. */
  #lingers = false;
  /** An event of it is being told. */
  #telling = false;

  constructor(number: number, client: net.Socket, host: ConnectionHost) {
    this.number = number;
    this.#socket = client;
    this.#client = client;
    this.#clientPort = client.remotePort ?? 0;
    this.#clientAddress = client.remoteAddress ?? '';
    this.#host = host;
    this.#openedAt = host.clock.now();
    this.#lastActivityAt = this.#openedAt;
    this.#ties = new Ties({
      number,
      random: host.random.fork(String(number)),
      quirks: host.quirks,
      now: () => host.clock.now(),
      lastActivityAt: () => this.#lastActivityAt,
      bytesIn: () => this.#bytesIn(),
      struck: (toxic, stream, fact) => this.#struck(toxic, stream, fact),
    });
  }

  /** Takes the client in: refuses it, leaves it without an answer, or dials for it. */
  accept(): void {
    this.#client.on('error', () => {});
    this.#emit({ type: 'open', clientAddress: this.#clientAddress, clientPort: this.#clientPort });
    for (const toxic of this.#host.toxics) this.#ties.expose(toxic, toxic.countConnection());
    this.#admit();
    this.#awaitNextChange();
  }

  /** Toxics were added, removed or changed; `deleted` is gone for good. */
  reconcile(deleted?: Toxic): void {
    if (this.#postpones(() => this.reconcile(deleted))) return;
    for (const toxic of this.#host.toxics) this.#ties.expose(toxic, 0);
    if (this.#state === 'silent') this.#admit();
    else if (this.#state === 'open') this.#rearrange(deleted);
    if (deleted) this.#ties.forget(deleted);
    this.#awaitNextChange();
  }

  /** The values of a toxic changed. */
  update(toxic: Toxic): void {
    if (this.#postpones(() => this.update(toxic))) return;
    if (this.#host.quirks.drawsAnew) this.#ties.drawAnew(toxic);
    this.reconcile();
    this.#links?.upstream.update(toxic);
    this.#links?.downstream.update(toxic);
  }

  /** Ends both sides at once; what is under way is dropped. */
  stop(): void {
    if (this.#postpones(() => this.stop())) return;
    for (const stream of this.#streams) {
      if (this.#lingers) resetStream(stream);
      else stream.destroy();
    }
    this.#finish({ end: 'stopped', by: 'api' });
  }

  facts(): ConnectionFacts {
    const now = this.#host.clock.now();
    return {
      connection: this.number,
      state: this.#state,
      clientAddress: this.#clientAddress,
      clientPort: this.#clientPort,
      localPort: this.#server.localPort,
      serverAddress: this.#server.remoteAddress,
      serverPort: this.#server.remotePort,
      openedAt: this.#openedAt,
      ageMs: now - this.#openedAt,
      idleMs: now - this.#lastActivityAt,
      ...this.#bytes(),
      toxics: this.#host.toxics.filter((toxic) => this.#ties.applies(toxic)).map(({ name }) => name),
      protocol: this.#tap?.protocol ?? 'unknown',
      ...this.#evidence.facts(),
    };
  }

  /** Toxics that begin or end by time do so on the clock. */
  #awaitNextChange(): void {
    this.#nextChange?.abort();
    this.#nextChange = undefined;
    const at = this.#ties.nextChangeAt();
    if (at === Number.POSITIVE_INFINITY || this.#state === 'closed') return;
    const waiting = new AbortController();
    this.#nextChange = waiting;
    const { clock } = this.#host;
    const again = (): void => {
      if (clock.now() >= at) this.reconcile();
      else this.#awaitNextChange();
    };
    clock
      .sleep(Math.min(Math.ceil(at - clock.now()), LONGEST_SLEEP_MS), waiting.signal)
      .then(again, () => {});
  }

  #bytesIn(): Record<Stream, number> {
    const { upstream, downstream } = this.#links ?? {};
    return { upstream: upstream?.bytesIn ?? 0, downstream: downstream?.bytesIn ?? 0 };
  }

  #struck(toxic: Toxic, stream: Stream, fact: StrikeFact): void {
    const { name, type } = toxic;
    const offset = this.#links?.[stream].offsetOf(toxic) ?? 0;
    const target = stream === 'upstream' ? (this.#upstream ?? this.#client) : this.#client;
    const reached = !target.destroyed;
    this.#emit({ type: 'strike', toxic: name, toxicType: type.type, offset, reached, ...fact, stream });
  }

  #bytes() {
    const { upstream, downstream } = this.#links ?? {};
    return {
      receivedUp: upstream?.bytesIn ?? 0,
      bytesUp: upstream?.bytesOut ?? 0,
      receivedDown: downstream?.bytesIn ?? 0,
      bytesDown: downstream?.bytesOut ?? 0,
    };
  }

  get #streams(): Duplex[] {
    return this.#upstream ? [this.#client, this.#upstream] : [this.#client];
  }

  #admit(): void {
    for (const toxic of this.#host.toxics) {
      const { accept } = toxic.type;
      if (!accept || !this.#ties.applies(toxic)) continue;
      const reason = accept === 'refuse' ? 'connection reset at once' : 'accepted in silence';
      if (!this.#ties.strikeOnce(toxic, 'upstream', { reason, bytes: 0, delivered: false })) continue;
      if (accept === 'refuse') this.#close('reset');
      else this.#keepSilent();
      return;
    }
    this.#unpark?.();
    const termination = this.#host.tls();
    if (termination) this.#shakeHands(termination);
    else this.#dial();
  }

  #keepSilent(): void {
    this.#host.admitted(this);
    this.#unpark ??= park(this.#socket, (end) => {
      this.#client.destroy();
      this.#finish({ end, by: 'client' });
    });
  }

  /** Takes the client's TLS off before anything is dialled. */
  #shakeHands(termination: Termination): void {
    this.#state = 'handshaking';
    this.#host.admitted(this);
    this.#handshake = new ClientHandshake(this.#socket, termination, {
      clock: this.#host.clock,
      connection: this.number,
      emit: (facts) => this.#emit(facts),
      secured: (client) => {
        this.#client = client;
        client.once('close', () => this.#clientLeft());
        this.#dial();
      },
      failed: (end) => {
        this.#socket.destroy();
        this.#finish({ end, by: 'client' });
      },
    });
  }

  /** While the server is dialled; a socket without TLS is not read by then, and its end is seen later. */
  #clientLeft(): void {
    if (this.#state !== 'dialling') return;
    this.#upstream?.destroy();
    this.#finish({ end: 'reset', by: 'client' });
  }

  #dial(): void {
    this.#state = 'dialling';
    let upstream: Duplex;
    let ready: 'connect' | 'secureConnect';
    try {
      const target = this.#host.target();
      const plain = this.#host.dial(target);
      upstream = this.#handshake?.secureUpstream(plain, target) ?? plain;
      ready = upstream === plain ? 'connect' : 'secureConnect';
    } catch (error) {
      this.#refused(error);
      return;
    }
    this.#upstream = upstream;
    upstream.on('error', (error) => this.#refused(error));
    upstream.once(ready, () => {
      if (this.#state === 'dialling') this.#open(upstream);
    });
  }

  #refused(error: unknown): void {
    if (this.#state !== 'dialling') return;
    const { code } = error as { code?: unknown };
    this.#emit({ type: 'upstream-refused', code: typeof code === 'string' ? code : 'UNKNOWN' });
    const reset = code === 'ECONNRESET' && !this.#host.quirks.resetArrivesAsFin;
    if (reset) resetStream(this.#client);
    else this.#client.destroy();
    this.#finish({ end: reset ? 'reset' : 'fin', by: 'upstream' });
  }

  #open(upstream: Duplex): void {
    this.#state = 'open';
    const { localPort, remoteAddress, remotePort } = upstream as Partial<net.Socket>;
    this.#server = { localPort, remoteAddress, remotePort };
    this.#emit({ type: 'upstream-open', localPort: localPort ?? 0 });
    const links = {
      upstream: new Link(this.#client, upstream, this.#linkHost('client', upstream)),
      downstream: new Link(upstream, this.#client, this.#linkHost('upstream', this.#client)),
    };
    this.#links = links;
    if (this.#host.taps) this.#tap = tapConnection(links, this.#host.clock, (facts) => this.#emit(facts));
    this.#watch(this.#client, links.upstream, 'client');
    this.#watch(upstream, links.downstream, 'upstream');
    this.#lingers = this.#host.quirks.resetsByLinger && this.#host.toxics.some(({ type }) => type.lingers);
    this.#arrange();
    if (this.#handshake) this.#client.once('data', () => this.#handshake?.confirmed());
    links.upstream.start();
    links.downstream.start();
    this.#host.admitted(this);
  }

  #linkHost(from: 'client' | 'upstream', target: Duplex): LinkHost {
    const isOpen = (): boolean => this.#state === 'open';
    const opposite = from === 'client' ? 'downstream' : 'upstream';
    return {
      clock: this.#host.clock,
      get closed() {
        return !isOpen();
      },
      act: (step) => this.#act(step),
      reply: (toxic, step) => this.#links?.[opposite].inject(toxic, step),
      wakeOther: (toxic) => this.#links?.[opposite].restartIdle(toxic),
      touched: (at) => {
        this.#lastActivityAt = at;
      },
      ended: () => this.#blame({ end: 'fin', by: from }),
      endPassed: () => {
        if (this.#host.quirks.finClosesBoth) this.#closeStream(target);
        else target.end();
      },
      resetPassed: () => resetStream(target),
      closePassed: (how) => this.#close(how, target),
    };
  }

  /** A socket that breaks hands its RST to the other end; when both are closed, all is over. */
  #watch(stream: Duplex, link: Link, side: 'client' | 'upstream'): void {
    let broken = false;
    const onBroken = (): void => {
      if (broken || this.#state !== 'open') return;
      broken = true;
      const { finClosesBoth, resetArrivesAsFin } = this.#host.quirks;
      const closedHere = finClosesBoth && !stream.errored;
      if (!closedHere) this.#blame({ end: 'reset', by: side });
      link.sourceGone(resetArrivesAsFin ? 'end' : 'reset');
    };
    stream.on('error', onBroken);
    stream.once('end', () => this.#closeOrphans());
    stream.once('close', () => {
      if (!stream.readableEnded) onBroken();
      this.#closeOrphans();
      const open = this.#state === 'open' || this.#state === 'closing';
      if (open && this.#streams.every(({ destroyed }) => destroyed)) {
        this.#finish(this.#cause ?? { end: 'fin', by: side });
      }
    });
  }

  /** Closes a side that ended while the other is gone without its knowing: a toxic swallowed the end that would close it. */
  #closeOrphans(): void {
    const [client, upstream] = this.#streams;
    if (!upstream || !client || !this.#links || this.#state !== 'open') return;
    const isOrphan = (stream: Duplex, opposite: Duplex, link: Link): boolean =>
      stream.readableEnded && !stream.writableEnded && opposite.destroyed && link.over;
    if (isOrphan(client, upstream, this.#links.downstream)) client.end();
    if (isOrphan(upstream, client, this.#links.upstream)) upstream.end();
  }

  /** A reset outweighs an orderly end that came before; otherwise the first cause stands. */
  #blame(cause: Cause): void {
    if (this.#cause === undefined || (this.#cause.end === 'fin' && cause.end !== 'fin')) this.#cause = cause;
  }

  #rearrange(deleted: Toxic | undefined): void {
    const unaware = deleted !== undefined && !this.#inForce.has(deleted);
    this.#arrange(deleted);
    if (!unaware || !this.#host.quirks.liftsWhereInactive) return;
    for (const behaviour of Object.values(this.#ties.start(deleted)))
      for (const step of behaviour.lifted?.('deleted') ?? []) this.#act(step);
  }

  #arrange(deleted?: Toxic): void {
    const wanted = this.#host.toxics.filter((toxic) => this.#ties.applies(toxic));
    for (const toxic of this.#inForce.keys()) if (!wanted.includes(toxic)) this.#inForce.delete(toxic);
    for (const toxic of wanted)
      if (!this.#inForce.has(toxic)) this.#inForce.set(toxic, this.#ties.start(toxic));
    this.#links?.upstream.arrange(this.#chain(wanted, 'upstream'), deleted);
    this.#links?.downstream.arrange(this.#chain(wanted, 'downstream'), deleted);
  }

  #chain(wanted: readonly Toxic[], stream: Stream): ToxicInForce[] {
    return wanted.flatMap((toxic) => {
      const behaviour = this.#inForce.get(toxic)?.[stream];
      return behaviour ? [{ toxic, behaviour }] : [];
    });
  }

  #act(step: Step): void {
    if (step.kind === 'close') this.#close(step.how);
    else if (step.kind === 'forget') this.#forget(step);
  }

  /** Ends the side that is gone, if there is one, and lets go of the other without a word. */
  #forget({ answer, gone }: Extract<Step, { kind: 'forget' }>): void {
    this.#state = 'forgotten';
    this.#detach();
    const end = gone?.side === 'client' ? this.#client : this.#upstream;
    if (end && gone?.how === 'fin') finishStream(end);
    if (end && gone?.how === 'reset') resetStream(end);
    forgetStreams(this.#streams, answer, () => {
      for (const stream of this.#streams) stream.destroy();
      this.#finish({ end: 'stopped', by: 'toxic' });
    });
  }

  /** On behalf of a toxic; what was written to `last` leaves before its RST. */
  #close(how: 'fin' | 'reset', last?: Duplex): void {
    this.#cause = { end: how, by: 'toxic' };
    this.#state = 'closing';
    this.#detach();
    for (const stream of this.#streams) {
      if (how === 'fin') this.#closeStream(stream);
      else if (stream === last) resetBehindBytes(stream, this.#host.clock);
      else resetStream(stream);
    }
    if (how === 'reset' && !last) this.#finish(this.#cause);
  }

  /** Closes both directions of one side after what was written to it. */
  #closeStream(stream: Duplex): void {
    if (this.#lingers) resetWhenWritten(stream);
    else finishStream(stream);
  }

  #detach(): void {
    this.#links?.upstream.detach();
    this.#links?.downstream.detach();
  }

  #finish(cause: Cause): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#nextChange?.abort();
    this.#detach();
    this.#tap?.ended();
    this.#handshake?.ended();
    const ageMs = this.#host.clock.now() - this.#openedAt;
    this.#emit({ type: 'close', ...this.#bytes(), ...cause, ageMs });
    this.#host.admitted(this);
    this.#host.closed(this);
  }

  #emit(facts: ProxyEventFacts): void {
    this.#evidence.add(facts, this.#host.clock.now());
    this.#telling = true;
    try {
      this.#host.emit(this.number, facts);
    } finally {
      this.#telling = false;
    }
  }

  /**
   * A listener that changes something when told of this connection finds it in the middle of a step: the change waits
   * until that is done.
   */
  #postpones(change: () => void): boolean {
    if (this.#telling) queueMicrotask(change);
    return this.#telling;
  }
}
