/**
 * What a TLS handshake costs on the wire: its bytes, and how often the client had to wait for the server. Alerts and what
 * TLS 1.3 sends after the handshake, such as tickets, are no part of it.
 *
 *     client   ClientHello ─►                       Finished ─►
 *     server                  ◄─ ServerHello …                   ◄─ Finished (TLS 1.2, unless resumed)
 *                             one round trip                     another one
 */
import type { TlsHandshake, TlsSide } from './tls-handshake.ts';
import { contentType, type TlsRecord } from './tls-records.ts';

export class TlsHandshakeCost {
  /** With the headers of records; a record counts when it is complete. */
  readonly bytes: Record<TlsSide, number> = { client: 0, server: 0 };
  /** Flights of the server that the client waited for before it could send data. */
  roundTrips = 0;
  #last: TlsSide | undefined;

  /** Takes a record, and the handshake as it was before that. */
  record(from: TlsSide, { type, bytes }: TlsRecord, before: TlsHandshake): void {
    const isData = type === contentType.applicationData && before.serverHello?.version !== 'TLSv1.3';
    if (before.flightsDone || isData || type === contentType.alert) return;
    this.bytes[from] += bytes.length;
    if (from === 'server' && this.#last === 'client') this.roundTrips += 1;
    this.#last = from;
  }
}
