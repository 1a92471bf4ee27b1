/**
 * `mysql_kill_idle`: a connection without a command for `after` ms ends as by `wait_timeout`: by FIN alone, as from
 * MariaDB and from MySQL before 8.0.24, or with an error before it, 4031 from newer ones. The client reads that error
 * when it next uses the connection, or never.
 */

import { duration, integer } from '../core/attributes.ts';
import { close, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { byPacket, checkError, errorAttributes, errorPacket } from './shared/mysql-packets.ts';

export const mysqlKillIdle = defineToxic({
  type: 'mysql_kill_idle',
  summary: 'an idle connection is killed as by the server',
  attributes: {
    after: { ...duration({ min: 1 }), initial: 1_000 },
    /** 0 sends no error. */
    code: integer({ min: 0, max: 65_535 }),
    ...errorAttributes,
  },
  check: checkError,
  startBoth: (context) =>
    byPacket(context, (reader) => ({
      *piece({ bytes, at }) {
        yield send(bytes, at);
      },
      *idle() {
        const { after, code } = context.attributes;
        const due = (): number => context.lastActivityAt() + after;
        while (reader.idle && due() > context.now()) yield until(due());
        const reason = `${code === 0 ? 'closed' : `error ${code}`} after ${after} ms without a command`;
        if (!reader.idle || !context.strike({ reason, bytes: 0, delivered: false })) return;
        if (code > 0) yield send(errorPacket(0, context.attributes), context.now());
        yield close('fin');
      },
    })),
});
