/**
 * `mysql_no_tls`: takes the server's offer of TLS out of its greeting, so that a client that merely prefers TLS talks
 * plain, and the other toxics can read the connection. A client that insists on TLS gives up. No fault, but a help.
 */

import { send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { capability } from '../protocols/mysql-login.ts';
import { packetHeaderBytes } from '../protocols/mysql-packets.ts';
import { byPacket, packetFact } from './shared/mysql-packets.ts';

export const mysqlNoTls = defineToxic({
  type: 'mysql_no_tls',
  summary: 'the server seems not to offer TLS',
  attributes: {},
  startBoth: (context) =>
    byPacket(context, () => ({
      *piece(piece) {
        const { role, bytes } = piece;
        const offers =
          role.kind === 'greeting' && piece.begins && (role.greeting.capabilities & capability.ssl) !== 0;
        if (!offers || !context.strike(packetFact('offer of TLS taken out', piece, true))) {
          return yield send(bytes, piece.at);
        }
        const greeting = Buffer.from(bytes);
        const at = packetHeaderBytes + role.greeting.capabilitiesAt;
        greeting.writeUInt16LE(greeting.readUInt16LE(at) & ~capability.ssl, at);
        yield send(greeting, piece.at);
      },
    })),
});
