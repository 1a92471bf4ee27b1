/**
 * `mysql_error`: a query is answered with an error that the toxic makes. The server does not see the query, so that a
 * transaction there stays as it was, unless `applied` is set: then it runs, and its answer is lost behind the error.
 * 2006 and 2013 are no answers of servers but what clients call a connection that ended: the connection is closed.
 */

import { invalidAttribute } from '../core/api-error.ts';
import { flag, integer } from '../core/attributes.ts';
import { close, reply, type Step, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import type { Command, MysqlReader } from '../protocols/mysql.ts';
import {
  byPacket,
  checkError,
  errorAttributes,
  errorPacket,
  isWanted,
  type PacketWork,
  type PlacedPacket,
  packetFact,
  queryAttributes,
} from './shared/mysql-packets.ts';

const lost = [2006, 2013];
/** A client that asks on and on without waiting for an earlier answer is owed no more errors than this. */
const mostOwed = 1_000;

export const mysqlError = defineToxic({
  type: 'mysql_error',
  summary: 'a query is answered with 1205, 1213, 1290 …',
  attributes: {
    code: { ...integer({ min: 1, max: 65_535 }), initial: 1213 },
    ...errorAttributes,
    applied: flag(),
    ...queryAttributes,
  },
  check({ code, sqlstate }) {
    checkError({ sqlstate });
    if (code >= 2000 && code < 3000 && !lost.includes(code)) {
      throw invalidAttribute('code', 'an error of servers, or 2006 or 2013', code);
    }
  },
  startBoth: (context) => {
    const what = (): string => {
      const { code } = context.attributes;
      return lost.includes(code) ? 'connection lost' : `error ${code}`;
    };
    const error = (sequence: number): Buffer | undefined =>
      lost.includes(context.attributes.code) ? undefined : errorPacket(sequence, context.attributes);

    /** Queries that the server does not get. */
    function* instead(piece: PlacedPacket, swallowed: Swallowed): Generator<Step> {
      const { role, begins, packet } = piece;
      if (role.kind === 'command' && begins) {
        const due = isWanted(context, role.command);
        if (due && context.attributes.applied) swallowed.applied.add(role.command);
        else if (due && context.strike(packetFact(what(), piece, false))) swallowed.query = role.command;
      }
      const { query } = swallowed;
      if (query === undefined) return yield send(piece.bytes, piece.at);
      if (!piece.ends || packet.unfinished) return;
      swallowed.query = undefined;
      yield* swallowed.answer(query, error(packet.sequence + 1));
    }

    /** Answers that the client does not get. */
    function* afterwards(piece: PlacedPacket, { applied, begun }: Swallowed): Generator<Step> {
      const { role, packet } = piece;
      if (role.kind !== 'answer' || !applied.has(role.command) || role.part === 'file') {
        return yield send(piece.bytes, piece.at);
      }
      if (!begun.has(role.command)) {
        if (!context.strike(packetFact(`${what()}, applied`, piece, false))) {
          applied.delete(role.command);
          return yield send(piece.bytes, piece.at);
        }
        begun.add(role.command);
        const bytes = error(packet.sequence);
        if (bytes) yield send(bytes, piece.at);
        else yield close('fin');
      }
      if (!role.ends || !piece.ends) return;
      applied.delete(role.command);
      begun.delete(role.command);
    }

    return byPacket(context, (reader): PacketWork => {
      const swallowed = new Swallowed(reader);
      function* resetIfIncomplete(): Generator<Step> {
        if (swallowed.incomplete) yield close('reset');
      }
      return {
        *piece(piece) {
          if (piece.stream === 'upstream') return yield* instead(piece, swallowed);
          yield* afterwards(piece, swallowed);
          const { role } = piece;
          if (role.kind === 'answer' && role.ends && piece.ends) yield* swallowed.due(role.command, piece.at);
        },
        lost: resetIfIncomplete,
        lifted: resetIfIncomplete,
      };
    });
  },
});

/** What the toxic has taken out of the dialogue, and owes to the client for it. */
class Swallowed {
  /** The query that is being taken. */
  query: Command | undefined;
  /** Queries whose answer will be taken. */
  readonly applied = new Set<Command>();
  /** Those of which it has begun. */
  readonly begun = new Set<Command>();
  readonly #reader: MysqlReader;
  /** Errors that have to wait until an earlier command is answered; undefined closes the connection. */
  readonly #owed = new Map<Command, (Buffer | undefined)[]>();

  constructor(reader: MysqlReader) {
    this.#reader = reader;
  }

  /** Whether the dialogue would be garbled if what follows passed as it is. */
  get incomplete(): boolean {
    return this.query !== undefined || this.begun.size > 0 || this.#owed.size > 0;
  }

  /** Answers a query in the server's place, in turn. */
  *answer(query: Command, error: Buffer | undefined): Generator<Step> {
    const before = this.#reader.withdraw(query);
    const owed = (before && this.#owed.get(before)) ?? [];
    if (owed.length >= mostOwed) yield close('reset');
    else if (before) this.#owed.set(before, [...owed, error]);
    else yield error ? reply(error) : close('fin');
  }

  /** A command is answered: what is owed after it goes out. */
  *due(answered: Command, at: number): Generator<Step> {
    const errors = this.#owed.get(answered) ?? [];
    this.#owed.delete(answered);
    for (const error of errors) yield error ? send(error, at) : close('fin');
  }
}
