/**
 * Follows one TLS handshake from the records of both sides, without keys.
 *
 * In clear are ClientHello and ServerHello, and up to TLS 1.2 the certificate. In TLS 1.3 everything after the
 * ServerHello is encrypted and looks like application data, so it is recognised by position and size: the server's first
 * encrypted record stands for `certificate`, the client's first for `finished`. An encrypted alert is 19 bytes long, a
 * client's Finished 53 or 69 (by the cipher's hash); neither OpenSSL nor BoringSSL pads them. Early data (0-RTT) is
 * not followed.
 *
 * A resumed handshake has no certificate. What comes in its place, the server's first message after its ServerHello,
 * counts as `certificate` there, in TLS 1.2 (the ticket or the ChangeCipherSpec) as in TLS 1.3.
 *
 * A handshake is complete when the client's last flight was seen and the connection went on after it, with the first
 * record of either side that holds more than an alert. A client that turns the certificate down after the handshake, as
 * node:tls does, closes instead; to the server that is a handshake that led nowhere. In TLS 1.3 a server that asked for the client's
 * certificate refuses it only then, when the client may be sending already: such a handshake is complete when the server says more
 * than an alert.
 */
import type { TlsStage } from '../core/events.ts';
import { type ClientHello, parseClientHello, parseServerHello, type ServerHello } from './tls-hello.ts';
import { contentType, type TlsRecord } from './tls-records.ts';

/** Which side a record came from. */
export type TlsSide = 'client' | 'server';

const message = { clientHello: 1, serverHello: 2, newSessionTicket: 4, certificate: 11 } as const;
const messageHeaderBytes = 4;
const largestMessage = 128 * 1024;
/** Level, description, content type and AEAD tag. */
export const encryptedAlertBytes = 19;
/** Message header, hash, content type and AEAD tag; SHA-384 with 0x1302, SHA-256 with the others. */
const finishedBytes = (cipher: number): number => messageHeaderBytes + (cipher === 0x1302 ? 48 : 32) + 1 + 16;

export class TlsHandshake {
  /** The furthest stage seen. */
  stage: TlsStage = 'none';
  complete = false;
  /** The first alert: its number in clear, or `encrypted`. */
  alert: string | undefined;
  clientHello: ClientHello | undefined;
  serverHello: ServerHello | undefined;
  readonly #unread: Record<TlsSide, UnreadMessage> = {
    client: new UnreadMessage(),
    server: new UnreadMessage(),
  };
  readonly #encrypts: Record<TlsSide, boolean> = { client: false, server: false };
  readonly #finished: Record<TlsSide, boolean> = { client: false, server: false };
  /** In TLS 1.3 the client answered a request for its certificate, on which the server has the last word. */
  #certified = false;

  /** Whether the server took up an earlier session; undefined before its hello. */
  get resumed(): boolean | undefined {
    if (!this.serverHello) return undefined;
    const { version, sessionId, hasPreSharedKey } = this.serverHello;
    if (version === 'TLSv1.3') return hasPreSharedKey;
    return sessionId.length > 0 && this.clientHello?.sessionId.equals(sessionId) === true;
  }

  /** Whether the last flight of the handshake was seen: the client's, or in a full one up to TLS 1.2 the server's. */
  get flightsDone(): boolean {
    if (this.serverHello?.version === 'TLSv1.3') return this.stage === 'finished';
    return this.#finished.client && this.#finished.server;
  }

  /** Takes a record; returns the stages that it reached, usually none or one. */
  record(from: TlsSide, { type, body }: TlsRecord): TlsStage[] {
    switch (type) {
      case contentType.handshake:
        return this.#encrypts[from] ? this.#encryptedHandshake(from) : this.#messages(from, body);
      case contentType.changeCipherSpec:
        return this.#changesCipher(from);
      case contentType.alert:
        this.alert ??= body.length === 2 ? String(body[1]) : 'encrypted';
        return [];
      default:
        return this.#applicationData(from, body.length);
    }
  }

  #messages(from: TlsSide, body: Buffer): TlsStage[] {
    const reached: TlsStage[] = [];
    for (const { type, content } of this.#unread[from].add(body)) {
      const stage = this.#message(from, type, content);
      if (stage) reached.push(this.#reach(stage));
    }
    return reached;
  }

  #message(from: TlsSide, type: number, body: Buffer): TlsStage | undefined {
    if (from === 'client' && type === message.clientHello && !this.clientHello) {
      this.clientHello = parseClientHello(body);
      return this.clientHello && 'client_hello';
    }
    if (from === 'server' && type === message.serverHello) {
      const hello = parseServerHello(body);
      if (!hello || hello.isRetryRequest) return undefined;
      this.serverHello = hello;
      return 'server_hello';
    }
    const inPlaceOfOne = type === message.newSessionTicket && this.#lacksCertificate;
    return from === 'server' && (type === message.certificate || inPlaceOfOne) ? 'certificate' : undefined;
  }

  /** In TLS 1.3 it means nothing. */
  #changesCipher(from: TlsSide): TlsStage[] {
    if (!this.serverHello || this.serverHello.version === 'TLSv1.3') return [];
    this.#encrypts[from] = true;
    return from === 'server' && this.#lacksCertificate ? [this.#reach('certificate')] : [];
  }

  /** A resumed handshake after its ServerHello. */
  get #lacksCertificate(): boolean {
    return this.resumed === true && this.stage === 'server_hello';
  }

  /** Up to TLS 1.2: what follows a side's ChangeCipherSpec is its Finished. */
  #encryptedHandshake(from: TlsSide): TlsStage[] {
    this.#finished[from] = true;
    return from === 'client' ? [this.#reach('finished')] : [];
  }

  #applicationData(from: TlsSide, bytes: number): TlsStage[] {
    if (this.serverHello?.version !== 'TLSv1.3') {
      this.complete ||= this.#finished.client && this.#finished.server;
      return [];
    }
    return from === 'client'
      ? this.#encryptedFromClient(bytes, this.serverHello)
      : this.#encryptedFromServer(bytes);
  }

  #encryptedFromServer(bytes: number): TlsStage[] {
    if (this.stage === 'finished') {
      if (bytes === encryptedAlertBytes) this.alert ??= 'encrypted';
      else this.complete = true;
      return [];
    }
    return this.stage === 'server_hello' ? [this.#reach('certificate')] : [];
  }

  #encryptedFromClient(bytes: number, { cipher }: ServerHello): TlsStage[] {
    if (bytes === encryptedAlertBytes) {
      this.alert ??= 'encrypted';
      return [];
    }
    if (this.#finished.client) {
      this.complete ||= !this.#certified;
      return [];
    }
    this.#finished.client = bytes === finishedBytes(cipher);
    this.#certified ||= !this.#finished.client;
    return this.stage === 'finished' ? [] : [this.#reach('finished')];
  }

  #reach(stage: TlsStage): TlsStage {
    this.stage = stage;
    return stage;
  }
}

/** What one side has said of a message that is not whole yet; how many records bring it costs nothing. */
class UnreadMessage {
  #pieces: Buffer[] = [];
  #bytes = 0;
  #needed = messageHeaderBytes;

  /** The messages that are whole with these bytes. One that is too long to be a handshake's is thrown away. */
  add(bytes: Buffer): { readonly type: number; readonly content: Buffer }[] {
    if (bytes.length > 0) this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes < this.#needed) return [];

    let rest = Buffer.concat(this.#pieces);
    const messages: { type: number; content: Buffer }[] = [];
    for (let end = endOfMessage(rest); end <= rest.length; end = endOfMessage(rest)) {
      messages.push({ type: rest.readUInt8(0), content: rest.subarray(messageHeaderBytes, end) });
      rest = rest.subarray(end);
    }
    this.#needed = endOfMessage(rest);
    if (this.#needed > largestMessage) {
      rest = Buffer.alloc(0);
      this.#needed = messageHeaderBytes;
    }
    this.#pieces = [rest];
    this.#bytes = rest.length;
    return messages;
  }
}

/** How many bytes there have to be before more can be said: the header, or with it the message. */
const endOfMessage = (bytes: Buffer): number =>
  messageHeaderBytes + (bytes.length < messageHeaderBytes ? 0 : bytes.readUIntBE(1, 3));
