/**
 * `mysql_cut`: the answer to a query breaks off in its middle: after `rows` rows of a result set, 0 being right after
 * its columns, or after `bytes` bytes of any answer. By RST, by FIN, or by silence, which lasts until the toxic is
 * changed or lifted. The server has run the query.
 */

import { byteCount, choice, integer } from '../core/attributes.ts';
import { close, type Step, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import type { Command } from '../protocols/mysql.ts';
import {
  byPacket,
  isWanted,
  type PlacedPacket,
  packetFact,
  queryAttributes,
} from './shared/mysql-packets.ts';

export const mysqlCut = defineToxic({
  type: 'mysql_cut',
  summary: 'cut in the middle of a result set',
  attributes: {
    rows: integer({ min: 0 }),
    /** When it is given, `rows` does not count. */
    bytes: byteCount({ min: 0 }),
    action: choice(['reset', 'close', 'stall']),
    ...queryAttributes,
  },
  startBoth: (context) => {
    const wanted = new WeakSet<Command>();
    /** How much of its answer has passed. */
    const passed = new WeakMap<Command, { rows: number; bytes: number }>();

    function* cut(piece: PlacedPacket, of: Command): Generator<Step> {
      wanted.delete(of);
      const { rows, bytes, action } = context.attributes;
      const where = bytes > 0 ? `${bytes} bytes` : `${rows} rows`;
      if (!context.strike(packetFact(`${action} after ${where}`, piece, false))) return;
      if (action === 'stall') yield until(Number.POSITIVE_INFINITY);
      else yield close(action === 'close' ? 'fin' : 'reset');
    }

    function* answer(piece: PlacedPacket, of: Command): Generator<Step> {
      const { rows, bytes } = context.attributes;
      const sofar = passed.get(of) ?? { rows: 0, bytes: 0 };
      passed.set(of, sofar);
      const may = bytes > 0 ? Math.max(0, bytes - sofar.bytes) : Infinity;
      const head = Math.min(may, piece.bytes.length);
      if (head < piece.bytes.length) {
        if (head > 0) yield send(piece.bytes.subarray(0, head), piece.at);
        const rest = { ...piece, bytes: piece.bytes.subarray(head), offset: piece.offset + head };
        yield* cut(rest, of);
        return yield send(rest.bytes, piece.at);
      }
      if (bytes === 0 && sofar.rows === rows && isRowOrEnd(piece)) yield* cut(piece, of);
      if (isRow(piece)) sofar.rows += 1;
      sofar.bytes += piece.bytes.length;
      yield send(piece.bytes, piece.at);
    }

    return byPacket(context, () => ({
      *piece(piece) {
        const { role, begins } = piece;
        if (role.kind === 'command' && begins && isWanted(context, role.command)) wanted.add(role.command);
        if (role.kind === 'answer' && wanted.has(role.command)) yield* answer(piece, role.command);
        else yield send(piece.bytes, piece.at);
      },
    }));
  },
});

const isRow = ({ role, begins, packet }: PlacedPacket): boolean =>
  role.kind === 'answer' && role.part === 'row' && begins && !packet.continues;

const isRowOrEnd = (piece: PlacedPacket): boolean =>
  isRow(piece) || (piece.role.kind === 'answer' && piece.role.part === 'eof' && piece.begins);
