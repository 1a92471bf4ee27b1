/**
 * `mysql_stall`: the greeting does not reach the client, or the login does not reach the server, for `delay` ms, or for
 * good when that is 0: a server that accepts and then does nothing. Each connection is an occasion.
 */
import { send, until } from '../engine/steps.ts';
import { choice, integer } from './attributes.ts';
import { defineToxic } from './contract.ts';
import { byPacket, packetFact } from './mysql-packets.ts';
import { isDue, occasionAttributes } from './occasions.ts';

export const mysqlStall = defineToxic({
  type: 'mysql_stall',
  attributes: { at: choice(['greeting', 'login']), delay: integer({ min: 0 }), ...occasionAttributes },
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
