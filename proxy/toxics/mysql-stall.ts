/**
 * `mysql_stall`: the greeting does not reach the client, or the login does not reach the server, for `delay` ms, or for
 * good when that is 0: a server that accepts and then does nothing. Each connection is an occasion.
 */

import { choice, duration } from '../core/attributes.ts';
import { send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { byPacket, packetFact } from './shared/mysql-packets.ts';
import { isDue, occasionAttributes } from './shared/occasions.ts';

export const mysqlStall = defineToxic({
  type: 'mysql_stall',
  summary: 'the handshake stops',
  attributes: { at: choice(['greeting', 'login']), delay: duration({ min: 0 }), ...occasionAttributes },
  startBoth: (context) =>
    byPacket(context, () => ({
      *piece(piece) {
        const { at, delay } = context.attributes;
        const due = piece.begins && piece.role.kind === at && isDue(context);
        if (due && context.strike(packetFact(`stalled at ${at}`, piece, delay > 0))) {
          yield until(delay > 0 ? piece.at + delay : Number.POSITIVE_INFINITY);
        }
        yield send(piece.bytes, piece.at);
      },
    })),
});
