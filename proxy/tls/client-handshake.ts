/**
 * The handshake with one client that the proxy answers. It publishes the same events as a handshake that the proxy only
 * observes. The handshake counts as complete when application data arrives from the client: a client that refuses the
 * certificate after its Finished, as node:tls does, sends none.
 *
 *     ClientHello ─► certificate ─► secured ─► first bytes ─► told as complete
 */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Clock } from '../core/clock.ts';
import type { Target } from '../core/dial.ts';
import type { ConnectionEnd, EndedBy, ProxyEventFacts, TlsHandshakeFacts, TlsStage } from '../core/events.ts';
import { carry } from '../core/sockets.ts';
import type { ClientHello } from '../protocols/tls-hello.ts';
import { cipherNumber } from './cipher-numbers.ts';
import { readClientHello } from './client-hello.ts';
import type { Answer, Termination } from './termination.ts';

/** What a handshake needs of its connection. */
export interface ClientHandshakeDeps {
  readonly clock: Clock;
  /** The connection's number. */
  readonly connection: number;
  emit(facts: ProxyEventFacts): void;
  /** What the client says inside can be read, and answered. */
  secured(client: tls.TLSSocket): void;
  /** The handshake led nowhere, by the client unless told otherwise; the socket may still be open. */
  failed(end: ConnectionEnd, by?: EndedBy): void;
}

type Session = Pick<TlsHandshakeFacts, 'version' | 'cipher' | 'resumed' | 'chosenAlpn' | 'durationMs'>;

export class ClientHandshake {
  readonly #termination: Termination;
  readonly #socket: net.Socket;
  readonly #deps: ClientHandshakeDeps;
  #hello: ClientHello | undefined;
  /** When the client had said enough to be answered. */
  #helloAt: number | undefined;
  #stage: TlsStage = 'none';
  #client: tls.TLSSocket | undefined;
  /** Known once the client is secured. */
  #session: Session | undefined;
  #alert: string | undefined;
  #flaw: string | undefined;
  #demand: Answer['clientCertificate'] = 'none';
  #over = false;

  constructor(socket: net.Socket, termination: Termination, deps: ClientHandshakeDeps) {
    this.#termination = termination;
    this.#socket = socket;
    this.#deps = deps;
    readClientHello(socket, {
      read: (hello) => this.#answer(hello),
      gone: (end) => deps.failed(end),
    });
  }

  /** TLS towards the server, where the settings want it: under the client's name, with the protocol chosen with it. */
  secureUpstream(plain: Duplex, target: Target): tls.TLSSocket | undefined {
    const asked = { serverName: this.#hello?.serverName, alpn: this.#session?.chosenAlpn };
    return this.#termination.secureUpstream(plain, target, asked);
  }

  /** The client said something inside. */
  confirmed(): void {
    this.#conclude('complete');
  }

  /** The connection is over; what the client said may not have been read yet. */
  ended(): void {
    this.#conclude(this.#client?.readableLength ? 'complete' : 'failed');
  }

  #answer(hello: ClientHello | undefined): void {
    this.#hello = hello;
    this.#helloAt = this.#deps.clock.now();
    if (hello) {
      const { serverName, alpn, offersResumption, versions } = hello;
      this.#stage = 'client_hello';
      this.#deps.emit({ type: 'client-hello', serverName, alpn, offersResumption, versions });
    }
    this.#termination
      .answer(hello, this.#socket, this.#deps.connection)
      .then((answer) => this.#shakeHands(answer))
      .catch((error: unknown) => {
        this.#termination.failed(error);
        this.#fail('stopped');
      });
  }

  #shakeHands({ context, flaw, clientCertificate }: Answer): void {
    if (this.#socket.destroyed) {
      this.#fail('reset');
      return;
    }
    this.#flaw = flaw;
    this.#demand = clientCertificate;
    const { alpn } = this.#termination.settings;
    const client = new tls.TLSSocket(this.#socket, {
      isServer: true,
      secureContext: context,
      requestCert: clientCertificate !== 'none',
      // OpenSSL alerts a client without a certificate: after its Finished in TLS 1.3, when it may be sending already.
      rejectUnauthorized: clientCertificate === 'required',
      ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
    });
    carry(client, this.#socket);
    const onEnd = (): void => this.#refused('fin');
    client.on('error', (error) => this.#broke(error));
    client.once('close', () => this.#refused('reset'));
    client.once('end', onEnd).resume();
    client.once('secure', () => {
      client.off('end', onEnd).pause();
      this.#secured(client);
    });
  }

  #secured(client: tls.TLSSocket): void {
    this.#stage = 'finished';
    this.#client = client;
    const resumed = client.isSessionReused();
    this.#session = {
      version: client.getProtocol() ?? undefined,
      cipher: cipherNumber(client.getCipher().standardName),
      resumed,
      chosenAlpn: client.alpnProtocol || undefined,
      durationMs: this.#elapsedMs,
    };
    if (!resumed) this.#strike();
    if (this.#demand === 'required') {
      const objection = this.#termination.objection(client.getPeerX509Certificate());
      if (objection !== undefined) {
        this.#refuseCertificate(objection);
        return;
      }
    }
    this.#deps.secured(client);
  }

  /** TLS failed: by an alert of the client, by what the proxy would not agree to, or with the socket. */
  #broke(error: NodeJS.ErrnoException): void {
    if (this.#stage === 'finished') return;
    this.#alert = /SSL alert number (\d+)/.exec(error.message)?.[1];
    const ownDoing = error.code?.startsWith('ERR_SSL_') && this.#alert === undefined;
    if (error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') {
      this.#stage = 'finished';
      this.#refuseCertificate('none');
      return;
    }
    if (ownDoing) this.#fail('fin');
    else this.#refused(error.code === 'ECONNRESET' ? 'reset' : 'fin');
  }

  /** The client went away after the server's answer, and thus the certificate, was sent. */
  #refused(end: ConnectionEnd): void {
    if (this.#stage === 'finished' || this.#over) return;
    if (this.#hello) this.#stage = 'certificate';
    this.#strike();
    this.#fail(end);
  }

  #fail(end: ConnectionEnd): void {
    this.#conclude('failed');
    this.#deps.failed(end);
  }

  #refuseCertificate(objection: string): void {
    this.#termination.strike();
    this.#tellStrike(`client certificate: ${objection}`);
    this.#conclude('failed');
    this.#deps.failed('fin', 'toxic');
  }

  #strike(): void {
    if (this.#flaw !== undefined) this.#tellStrike(`certificate: ${this.#flaw}`);
  }

  #tellStrike(reason: string): void {
    const what = { toxic: 'tls', toxicType: 'tls', stream: 'downstream', reason } as const;
    this.#deps.emit({ type: 'strike', ...what, offset: 0, bytes: 0, reached: true, delivered: true });
  }

  get #elapsedMs(): number {
    const now = this.#deps.clock.now();
    return now - (this.#helloAt ?? now);
  }

  #conclude(outcome: TlsHandshakeFacts['outcome']): void {
    if (this.#over || this.#helloAt === undefined) return;
    this.#over = true;
    const session = this.#session ?? {
      version: undefined,
      cipher: undefined,
      resumed: undefined,
      chosenAlpn: undefined,
      durationMs: this.#elapsedMs,
    };
    const alert = this.#alert === undefined ? {} : { alert: this.#alert };
    this.#deps.emit({ type: 'tls-handshake', outcome, ...session, lastStage: this.#stage, ...alert });
  }
}
