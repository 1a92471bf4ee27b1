/**
 * `mysql_refuse`: an error in place of the greeting, as from a server with too many connections, or in answer to
 * the login, which the server does not get; then FIN to both ends. Each connection is an occasion.
 */

import { choice, integer } from '../core/attributes.ts';
import { close, reply, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { byPacket, checkError, errorAttributes, errorPacket, packetFact } from './shared/mysql-packets.ts';
import { isDue, occasionAttributes } from './shared/occasions.ts';

export const mysqlRefuse = defineToxic({
  type: 'mysql_refuse',
  summary: '1040 or 1045 in the place of the greeting',
  attributes: {
    at: choice(['greeting', 'login']),
    code: { ...integer({ min: 1, max: 65_535 }), initial: 1040 },
    ...errorAttributes,
    ...occasionAttributes,
  },
  check: checkError,
  startBoth: (context) =>
    byPacket(context, () => ({
      *piece(piece) {
        const { at, code } = context.attributes;
        const due = piece.begins && piece.role.kind === at && isDue(context);
        if (!due || !context.strike(packetFact(`error ${code} at ${at}`, piece, false))) {
          return yield send(piece.bytes, piece.at);
        }
        const sequence = at === 'login' ? piece.packet.sequence + 1 : 0;
        const error = errorPacket(sequence, context.attributes, at === 'greeting');
        yield at === 'login' ? reply(error) : send(error, piece.at);
        yield close('fin');
      },
    })),
});
