/** One proxy: a listening socket, the toxics in force on it, and its open connections. */
import type net from 'node:net';
import { formatAddress, parseAddress, resolveListen } from '../core/address.ts';
import { listenFailed, toxicExists, toxicNotFound } from '../core/api-error.ts';
import type { Clock } from '../core/clock.ts';
import type { Quirks } from '../core/compatibility.ts';
import type { Dial } from '../core/dial.ts';
import type { ControlEventFacts, ProxyEvent } from '../core/events.ts';
import type { Random } from '../core/random.ts';
import type { AuthoritySource } from '../tls/authority.ts';
import type { TlsSettings } from '../tls/settings.ts';
import { Termination, type TerminationDeps } from '../tls/termination.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import type { ListedConnection } from './connection-table.ts';
import { type Listener, listen } from './listener.ts';
import { Toxic, type ToxicChange, type ToxicSpec } from './toxic.ts';
import type { ToxicAccount } from './toxic-account.ts';

/** What every proxy of a server shares. */
export interface ProxySurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  readonly quirks: Quirks;
  /** Whether connections are read to tell their protocol and TLS facts. */
  readonly taps: boolean;
  readonly authority: AuthoritySource;
  /** Who dials, by the client's address: connections are counted for each by itself. Empty is everybody else. */
  dialler(clientAddress: string): string;
  /** The next number for a connection of a proxy of this name; none comes twice, even if the proxy is made again. */
  nextNumber(proxy: string): number;
  emit(event: ProxyEvent): void;
  /** A connection is over; what is known of it, for the last time. */
  ended(connection: ListedConnection): void;
  /** A toxic is gone; what it did. */
  retired(account: ToxicAccount): void;
  log(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ): void;
}

/** What a proxy is made from. */
export interface ProxySpec {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly toxics: readonly ToxicSpec[];
  /** Undefined where TLS passes as it is. */
  readonly tls: TlsSettings | undefined;
}

export class FaultProxy {
  readonly name: string;
  /** As given until first started, then the address that was bound; kept while disabled. */
  listen: string;
  upstream: string;
  readonly #surroundings: ProxySurroundings;
  readonly #toxics: Toxic[];
  readonly #connections = new Set<Connection>();
  readonly #connectionHost: ConnectionDeps;
  /** Clients whose turn has not come; only where one is dialled for at a time. */
  readonly #backlog: net.Socket[] = [];
  #listener: Listener | undefined;
  #dialling: Connection | undefined;
  #termination: Termination | undefined;
  /** How many were accepted, by who dialled. */
  readonly #accepted = new Map<string, number>();

  constructor({ name, listen, upstream, toxics, tls }: ProxySpec, surroundings: ProxySurroundings) {
    this.name = name;
    this.listen = listen;
    this.upstream = upstream;
    this.#surroundings = surroundings;
    this.#toxics = toxics.map((spec) => new Toxic(spec, surroundings.clock.now()));
    this.#connectionHost = {
      clock: surroundings.clock,
      dial: surroundings.dial,
      quirks: surroundings.quirks,
      taps: surroundings.taps,
      target: () => parseAddress(this.upstream),
      toxics: this.#toxics,
      tls: () => this.#termination,
      random: surroundings.random.fork(name),
      emit: (connection, facts) =>
        surroundings.emit({ at: surroundings.clock.now(), proxy: name, connection, ...facts }),
      failed: (connection, toxic, error) =>
        surroundings.log('error', 'A toxic failed', { name, connection, toxic, error }),
      admitted: (connection) => this.#admitted(connection),
      closed: (connection) => {
        this.#connections.delete(connection);
        surroundings.ended(this.#listed(connection));
      },
    };
    this.tls = tls;
  }

  get tls(): TlsSettings | undefined {
    return this.#termination?.settings;
  }

  /** Holds for connections from now on, with new certificates; those that are open keep theirs. */
  set tls(settings: TlsSettings | undefined) {
    const { authority, clock, random, log } = this.#surroundings;
    const deps: TerminationDeps = {
      authority,
      clock,
      random: random.fork(this.name).fork('tls'),
      failed: (error) => log('error', 'A handshake could not be answered', { name: this.name, error }),
    };
    this.#termination = settings && new Termination(settings, deps);
  }

  get enabled(): boolean {
    return this.#listener !== undefined;
  }

  /** Upstream toxics first, then downstream, then those of both directions, each in the order added. */
  get toxics(): readonly Toxic[] {
    const of = (stream: Toxic['stream']): Toxic[] => this.#toxics.filter((toxic) => toxic.stream === stream);
    return [...of('upstream'), ...of('downstream'), ...of('both')];
  }

  /** What each toxic in force did. */
  accounts(): ToxicAccount[] {
    return this.toxics.map((toxic) => this.#account(toxic, undefined));
  }

  connections(): ListedConnection[] {
    return [...this.#connections].map((connection) => this.#listed(connection));
  }

  /** Listens; does nothing when it does already. @throws {ApiError} 500 when the address cannot be bound */
  async start(): Promise<void> {
    if (this.#listener) return;
    const address = await resolveListen(this.listen).catch((error: Error) => {
      throw listenFailed(`listen tcp: ${error.message}`, error);
    });
    this.#listener = await listen(address, (socket) => this.#accept(socket));
    this.listen = formatAddress(this.#listener.address);
    this.#log('Started proxy');
    const { listen: bound, upstream } = this;
    const toxics = this.toxics.map(({ name }) => name);
    this.#emit({ type: 'proxy-started', listen: bound, upstream, toxics });
  }

  /** Stops listening and ends every connection, all at once. */
  stop(): void {
    if (!this.#listener) return;
    this.#listener.close();
    this.#listener = undefined;
    for (const socket of this.#backlog.splice(0)) socket.destroy();
    for (const connection of this.#connections) connection.stop();
    this.#log('Terminated proxy');
    this.#emit({ type: 'proxy-stopped' });
  }

  /** @throws {ApiError} 404 */
  toxic(name: string): Toxic {
    const found = this.#toxics.find((toxic) => toxic.name === name);
    if (!found) throw toxicNotFound();
    return found;
  }

  /** Adds a toxic at the end of the chain, on open connections too. @throws {ApiError} 409 when the name is taken */
  addToxic(spec: ToxicSpec): Toxic {
    if (this.#toxics.some(({ name }) => name === spec.name)) throw toxicExists();
    const toxic = new Toxic(spec, this.#surroundings.clock.now());
    this.#toxics.push(toxic);
    this.#emitChange('toxic-added', toxic);
    for (const connection of this.#connections) connection.append(toxic);
    this.#restartBefore(toxic, this.#toxics.length - 1);
    return toxic;
  }

  updateToxic(toxic: Toxic, change: ToxicChange): void {
    toxic.update(change, this.#surroundings.clock.now());
    this.#emitChange('toxic-updated', toxic);
    for (const connection of this.#connections) connection.update(toxic);
  }

  removeToxic(toxic: Toxic): void {
    const index = this.#toxics.indexOf(toxic);
    this.#toxics.splice(index, 1);
    this.#retire(toxic);
    this.#emitChange('toxic-removed', toxic);
    for (const connection of this.#connections) connection.remove(toxic);
    this.#restartBefore(toxic, index);
  }

  removeAllToxics(): void {
    const deleted = new Set(this.toxics);
    if (deleted.size === 0) return;
    this.#toxics.length = 0;
    for (const toxic of deleted) {
      this.#retire(toxic);
      this.#emitChange('toxic-removed', toxic);
    }
    for (const connection of this.#connections) connection.reconcile(deleted);
  }

  /** Toxiproxy restarts the toxic before one that was added or deleted, and draws for it anew. */
  #restartBefore({ stream }: Toxic, index: number): void {
    if (!this.#surroundings.quirks.drawsAnew) return;
    const neighbour = this.#toxics.slice(0, index).findLast((toxic) => toxic.stream === stream);
    if (neighbour) for (const connection of this.#connections) connection.update(neighbour);
  }

  #accept(socket: net.Socket): void {
    if (this.#dialling && this.#surroundings.quirks.dialsInTurn) this.#backlog.push(socket);
    else this.#serve(socket);
  }

  #serve(socket: net.Socket): void {
    const dialler = this.#surroundings.dialler(socket.remoteAddress ?? '');
    const turn = (this.#accepted.get(dialler) ?? 0) + 1;
    this.#accepted.set(dialler, turn);
    const number = this.#surroundings.nextNumber(this.name);
    const place = { number, turn, others: this.#connections.size, dialler };
    const connection = new Connection(place, socket, this.#connectionHost);
    this.#connections.add(connection);
    this.#dialling = connection;
    connection.accept();
  }

  #admitted(connection: Connection): void {
    if (connection !== this.#dialling) return;
    this.#dialling = undefined;
    const next = this.#backlog.shift();
    if (next) this.#serve(next);
  }

  #listed(connection: Connection): ListedConnection {
    const { name: proxy, listen, upstream } = this;
    return { id: `${proxy}:${connection.number}`, proxy, listen, upstream, ...connection.facts() };
  }

  /** The proxy is forgotten, and so are its toxics. */
  retire(): void {
    this.stop();
    for (const toxic of this.toxics) this.#retire(toxic);
  }

  #retire(toxic: Toxic): void {
    this.#surroundings.retired(this.#account(toxic, this.#surroundings.clock.now()));
  }

  #account({ name, type, stream, counts }: Toxic, removedAt: number | undefined): ToxicAccount {
    return { proxy: this.name, toxic: name, toxicType: type.type, stream, ...counts.facts(), removedAt };
  }

  #emitChange(type: 'toxic-added' | 'toxic-updated' | 'toxic-removed', toxic: Toxic): void {
    this.#emit({ type, toxic: toxic.name, toxicType: toxic.type.type });
  }

  #emit(facts: ControlEventFacts): void {
    this.#surroundings.emit({ at: this.#surroundings.clock.now(), proxy: this.name, ...facts });
  }

  #log(message: string): void {
    const { name, listen, upstream } = this;
    this.#surroundings.log('info', message, { name, listen, upstream });
  }
}
