/**
 * How the naive agent connects: TCP through the injected dial, then TLS with verification switched off, as the first
 * report did to get rid of its certificate errors.
 */
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Client } from 'undici';
import type { Dial } from '../../shared/dial.ts';
import { addressOf } from '../open-socket.ts';

/** What undici takes as `connect`. */
type Connector = NonNullable<Client.Options['connect']>;

/** Makes a connector for undici that accepts any server at `serverUrl`. */
export function unverifiedConnector(serverUrl: URL, dial: Dial): Connector {
  return ((_options: unknown, callback: (error: Error | null, socket: TLSSocket | null) => void) => {
    const { host, port } = addressOf(serverUrl);
    const raw = dial({ host, port });
    const isSecure = serverUrl.protocol === 'https:';
    const socket = isSecure
      ? connectTls({ socket: raw, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) })
      : (raw as TLSSocket);
    let isSettled = false;
    const settle = (error: Error | null): void => {
      if (isSettled) return;
      isSettled = true;
      callback(error, error ? null : socket);
    };
    raw.on('error', settle);
    socket.on('error', settle).once(isSecure ? 'secureConnect' : 'connect', () => settle(null));
  }) as Connector;
}
