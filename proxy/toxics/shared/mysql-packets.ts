/**
 * What toxics that work on MySQL's protocol share: both directions are read together, command and answer; a toxic works
 * on packets of either, whatever its `stream`. What cannot be read passes as it is, above all a connection that client
 * and server agree to encrypt: TLS begins inside MySQL's protocol there (`mysql_no_tls` talks them out of it).
 */

import { invalidAttribute } from '../../core/api-error.ts';
import { text } from '../../core/attributes.ts';
import type { Stream } from '../../core/events.ts';
import { passEnd, type Step, send } from '../../core/steps.ts';
import type { Behaviour, StrikeFact, ToxicContext } from '../../core/toxic-type.ts';
import { type Command, MysqlReader, type MysqlRole } from '../../protocols/mysql.ts';
import { command } from '../../protocols/mysql-answer.ts';
import { errorPayload, type PacketPiece, writePacket } from '../../protocols/mysql-packets.ts';
import { matchesGlob } from './glob.ts';
import { mergeSends } from './merge-sends.ts';
import { unreadableNotes } from './note-unreadable.ts';
import { isDue, type OccasionValues, occasionAttributes } from './occasions.ts';
import { recognise } from './recognition.ts';

/** Bytes of a packet with their place. */
export interface PlacedPacket extends PacketPiece {
  readonly role: MysqlRole;
  readonly stream: Stream;
  /** When they arrived, epoch ms. */
  readonly at: number;
  /** Bytes of the direction before them. */
  readonly offset: number;
}

/** What a toxic does; what it leaves out passes. */
export interface PacketWork {
  /** What is sent in place of these bytes. */
  piece(piece: PlacedPacket): Iterable<Step>;
  /** Runs while nothing comes from the server. */
  idle?(): Iterable<Step>;
  /** The connection cannot be read any more. */
  lost?(): Iterable<Step>;
  lifted?(): Iterable<Step>;
}

type AnyContext = Omit<ToxicContext<unknown>, 'attributes'>;

/** The behaviours that do a toxic's work. */
export function byPacket(
  context: AnyContext,
  work: (reader: MysqlReader) => PacketWork,
): Record<Stream, Behaviour> {
  const reader = new MysqlReader(context);
  const own = work(reader);
  const note = unreadableNotes(context, reader);

  const behaviour = (stream: Stream): Behaviour => {
    let offset = context.bytesBefore[stream];

    function* parts(bytes: Buffer, at: number): Generator<Step> {
      for (const part of reader.read(stream, bytes)) {
        const before = offset;
        offset += part.bytes.length;
        if (part.kind === 'packet') yield* own.piece({ ...part, stream, at, offset: before });
        else yield send(part.bytes, at);
      }
    }
    function* release(): Generator<Step> {
      const rest = reader.takeRest(stream);
      if (rest.length > 0) yield send(rest, context.now());
    }
    function* giveUp(): Generator<Step> {
      if (reader.unreadable !== undefined) yield* own.lost?.() ?? [];
    }
    function* idle(): Generator<Step> {
      yield* recognise(context, { undecided: reader.undecided(stream), giveUp: () => reader.giveUp() });
      yield* note();
      yield* giveUp();
      if (reader.unreadable !== undefined) yield* release();
      else if (stream === 'downstream') yield* own.idle?.() ?? [];
    }
    return {
      *chunk({ bytes, at }) {
        yield* mergeSends(parts(bytes, at));
        yield* note();
        yield* giveUp();
      },
      idle,
      *end() {
        yield* release();
        yield passEnd;
      },
      *lifted() {
        yield* release();
        if (stream === 'downstream') yield* own.lifted?.() ?? [];
      },
    };
  };
  return { upstream: behaviour('upstream'), downstream: behaviour('downstream') };
}

/** Attributes of a toxic that picks queries. */
export const queryAttributes = {
  /** The statement, with `*` for anything; case and outer blanks do not count. Empty is any. */
  statement: text(),
  ...occasionAttributes,
};

/** The values of these attributes. */
export interface QueryValues extends OccasionValues {
  readonly statement: string;
}

const queries: readonly number[] = [command.query, command.execute, command.bulkExecute];

/** Counts a command that is a query that fits, and says whether the toxic acts on it. */
export function isWanted(context: ToxicContext<QueryValues>, { code, statement }: Command): boolean {
  const pattern = context.attributes.statement;
  const fits = pattern === '' || matchesGlob(pattern.trim().toLowerCase(), statement.trim().toLowerCase());
  return queries.includes(code) && fits && isDue(context);
}

/** What a toxic reports when it acts on a packet. */
export const packetFact = (
  reason: string,
  { bytes, offset, stream }: PlacedPacket,
  delivered: boolean,
): StrikeFact => ({ reason, bytes: bytes.length, offset, stream, delivered });

/** An error as a server sends it. */
interface ServerError {
  readonly code: number;
  readonly sqlState: string;
  readonly message: string;
}

/** Errors with the state and the text that servers give them. */
const errors: readonly ServerError[] = [
  { code: 1040, sqlState: '08004', message: 'Too many connections' },
  { code: 1045, sqlState: '28000', message: 'Access denied' },
  { code: 1053, sqlState: '08S01', message: 'Server shutdown in progress' },
  {
    code: 1205,
    sqlState: 'HY000',
    message: 'Lock wait timeout exceeded; try restarting transaction',
  },
  {
    code: 1213,
    sqlState: '40001',
    message: 'Deadlock found when trying to get lock; try restarting transaction',
  },
  {
    code: 1290,
    sqlState: 'HY000',
    message: 'The MySQL server is running with the --read-only option so it cannot execute this statement',
  },
  { code: 1317, sqlState: '70100', message: 'Query execution was interrupted' },
  { code: 1927, sqlState: '70100', message: 'Connection was killed' },
  {
    code: 4031,
    sqlState: 'HY000',
    message:
      'The client was disconnected by the server because of inactivity. ' +
      'See wait_timeout and interactive_timeout for configuring this behavior.',
  },
];

/** Attributes that describe an error; what is empty is as servers have it. */
export const errorAttributes = {
  sqlstate: text({ max: 5, digits: 5 }),
  message: text({ max: 512 }),
};

/** Refuses a state that is none. @throws {ApiError} 400 */
export function checkError({ sqlstate }: { readonly sqlstate: string }): void {
  const valid = sqlstate === '' || /^[0-9A-Z]{5}$/.test(sqlstate);
  if (!valid) throw invalidAttribute('sqlstate', '5 digits or capital letters', sqlstate);
}

interface ErrorValues {
  readonly code: number;
  readonly sqlstate: string;
  readonly message: string;
}

/** The ERR packet that carries an error. Before the login servers leave the state out, and so does this unless it is given. */
export function errorPacket(sequence: number, error: ErrorValues, beforeLogin = false): Buffer {
  const known = errors.find(({ code }) => code === error.code);
  const sqlState = error.sqlstate || (beforeLogin ? '' : (known?.sqlState ?? 'HY000'));
  const message = error.message || (known?.message ?? `Error ${error.code}`);
  return writePacket(sequence, errorPayload(error.code, sqlState, message));
}
