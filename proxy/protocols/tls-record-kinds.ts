/**
 * Says what each record of a connection carries, without keys. Up to TLS 1.2 the record's type says so. In TLS 1.3
 * everything encrypted has the type of application data (RFC 8446, section 5.2), and is recognised by its place: what comes
 * before the client's first encrypted record, and that record itself, is the handshake; what comes after is application
 * data, and the server's session tickets count as that. A record of an alert's size is taken for an alert.
 */
import { encryptedAlertBytes, TlsHandshake, type TlsSide } from './tls-handshake.ts';
import { contentType, type TlsRecord } from './tls-records.ts';

export type TlsRecordKind = 'handshake' | 'change_cipher_spec' | 'alert' | 'application_data';

export class TlsRecordKinds {
  readonly #handshake = new TlsHandshake();

  /** Whether a handshake is under way; never before a ClientHello was seen. */
  get shakingHands(): boolean {
    return this.#handshake.stage !== 'none' && this.#handshake.stage !== 'finished';
  }

  /** Whether alerts have to be told by their size: in TLS 1.3, and where the handshake was not seen. */
  get hidesAlerts(): boolean {
    const { serverHello } = this.#handshake;
    return serverHello === undefined || serverHello.version === 'TLSv1.3';
  }

  /** Takes the records of both sides in the order they came. */
  kindOf(from: TlsSide, record: TlsRecord): TlsRecordKind {
    const before = this.shakingHands;
    this.#handshake.record(from, record);
    switch (record.type) {
      case contentType.handshake:
        return 'handshake';
      case contentType.changeCipherSpec:
        return 'change_cipher_spec';
      case contentType.alert:
        return 'alert';
      default:
        return this.#encryptedKind(record.body.length, before);
    }
  }

  #encryptedKind(bytes: number, shakingHands: boolean): TlsRecordKind {
    if (!this.hidesAlerts) return 'application_data';
    if (bytes === encryptedAlertBytes) return 'alert';
    return shakingHands ? 'handshake' : 'application_data';
  }
}
