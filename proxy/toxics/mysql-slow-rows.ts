/**
 * `mysql_slow_rows`: each row of a result set leaves `delay` ms after the one before it. The server's writes wait once
 * the buffers on the way are full, as with a client that reads slowly.
 */

import { duration } from '../core/attributes.ts';
import { send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import type { Command } from '../protocols/mysql.ts';
import { byPacket, isWanted, packetFact, queryAttributes } from './shared/mysql-packets.ts';

export const mysqlSlowRows = defineToxic({
  type: 'mysql_slow_rows',
  summary: 'rows come one by one',
  attributes: { delay: duration({ min: 0 }), ...queryAttributes },
  startBoth: (context) => {
    const wanted = new WeakSet<Command>();
    const slowed = new WeakSet<Command>();
    let freeAt = 0;

    return byPacket(context, () => ({
      *piece(piece) {
        const { role, begins, packet, at, bytes } = piece;
        const { delay } = context.attributes;
        if (role.kind === 'command' && begins && isWanted(context, role.command)) wanted.add(role.command);
        const row = role.kind === 'answer' && role.part === 'row' && begins && !packet.continues;
        if (row && delay > 0 && wanted.delete(role.command)) {
          const slow = context.strike(packetFact(`${delay} ms before each row`, piece, true));
          if (slow) slowed.add(role.command);
          freeAt = at;
        }
        if (row && slowed.has(role.command)) {
          freeAt = Math.max(freeAt, at) + delay;
          yield until(freeAt);
        }
        yield send(bytes, at);
      },
    }));
  },
});
