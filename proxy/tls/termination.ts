/** How a proxy answers handshakes while its settings hold; a change makes a new one, for the connections after it. */
import type { X509Certificate } from 'node:crypto';
import type net from 'node:net';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Clock } from '../core/clock.ts';
import type { Target } from '../core/dial.ts';
import type { Random } from '../core/random.ts';
import { applies, expose } from '../core/selector.ts';
import { carry } from '../core/sockets.ts';
import type { ClientHello } from '../protocols/tls-hello.ts';
import type { AuthoritySource } from './authority.ts';
import { Certificates } from './certificates.ts';
import { certificatesIn, isHostName, type TlsSettings } from './settings.ts';

/** What a termination needs of its proxy. */
export interface TerminationDeps {
  readonly authority: AuthoritySource;
  readonly clock: Clock;
  /** A stream of draws of its own. */
  readonly random: Random;
  /** A handshake could not be answered, which is no fault of the client. */
  failed(error: unknown): void;
}

/** What a handshake is answered with. */
export interface Answer {
  readonly context: tls.SecureContext;
  /** What is wrong with the certificate, where that is meant. */
  readonly flaw: string | undefined;
  /** Whether the client is asked for its certificate, and has to have one. */
  readonly clientCertificate: TlsSettings['client_certificate'];
}

export class Termination {
  readonly settings: TlsSettings;
  readonly #deps: TerminationDeps;
  readonly #certificates: Certificates;
  readonly #selectedAt: number;
  #handshakes = 0;
  #strikes = 0;

  constructor(settings: TlsSettings, deps: TerminationDeps) {
    this.settings = settings;
    this.#deps = deps;
    this.#certificates = new Certificates(deps.authority, settings);
    this.#selectedAt = deps.clock.now();
    deps.authority().catch(() => {}); // Made ahead, so that the first handshake takes no longer than others.
  }

  /** Chooses the certificate for a client that was accepted on `socket` as the proxy's `connection`. */
  async answer(hello: ClientHello | undefined, socket: net.Socket, connection: number): Promise<Answer> {
    const selected = this.#selects(socket, connection);
    const flawed = selected && this.settings.certificate !== 'valid' && this.strike();
    const clientCertificate = selected ? this.settings.client_certificate : 'none';
    const context = await this.#certificates.contextFor(this.#hosts(hello, socket), flawed);
    return { context, flaw: flawed ? this.settings.certificate : undefined, clientCertificate };
  }

  /** A handshake could not be answered, which is no fault of the client. */
  failed(error: unknown): void {
    this.#deps.failed(error);
  }

  /** TLS on a connection to the server that was just dialled, if wanted; emits `secureConnect` or `error`. */
  secureUpstream(
    plain: Duplex,
    target: Target,
    asked: { readonly serverName: string | undefined; readonly alpn: string | undefined },
  ): tls.TLSSocket | undefined {
    const { upstream, upstream_ca, upstream_server_name, upstream_verify } = this.settings;
    if (upstream === 'plain') return undefined;
    const name = upstream_server_name || asked.serverName || target.host;
    plain.on('error', () => {});
    const secured = tls.connect({
      socket: plain,
      host: target.host,
      rejectUnauthorized: upstream_verify,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(asked.alpn === undefined ? {} : { ALPNProtocols: [asked.alpn] }),
      ...(upstream_ca === '' ? {} : { ca: upstream_ca }),
    });
    carry(secured, plain);
    return secured;
  }

  /** Takes one of the strikes that `only` allows; false when none is left. */
  strike(): boolean {
    if (this.#strikes >= (this.settings.only?.strikes ?? Number.POSITIVE_INFINITY)) return false;
    this.#strikes += 1;
    return true;
  }

  /** What is wrong with a client's certificate, in a few words; undefined if nothing is. */
  objection(certificate: X509Certificate | undefined): string | undefined {
    const { client_ca } = this.settings;
    if (!certificate) return 'none';
    if (client_ca === '') return undefined;
    const now = Date.now();
    if (Date.parse(certificate.validTo) < now) return 'expired';
    const issued = certificatesIn(client_ca).some(
      (issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
    );
    return issued ? undefined : 'of another authority';
  }

  #selects({ remoteAddress = '' }: net.Socket, connection: number): boolean {
    const { only } = this.settings;
    const { clock, random } = this.#deps;
    const now = clock.now();
    this.#handshakes += 1;
    const exposure = expose(random.fork(String(connection)), {
      ordinal: this.#handshakes,
      number: connection,
      client: remoteAddress,
      others: 0,
      metAt: now,
    });
    const selected = applies({ toxicity: 1, only, selectedAt: this.#selectedAt }, exposure, now);
    return selected && this.#strikes < (only?.strikes ?? Number.POSITIVE_INFINITY);
  }

  /** A client that asks for no name has connected to an address. */
  #hosts(hello: ClientHello | undefined, { localAddress = '127.0.0.1' }: net.Socket): string[] {
    const asked = hello?.serverName ?? '';
    if (this.settings.host !== '') return [this.settings.host];
    if (isHostName(asked)) return [asked];
    return ['localhost', localAddress.replace(/^::ffff:/, '')];
  }
}
