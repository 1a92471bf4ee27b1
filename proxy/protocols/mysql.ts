/**
 * Reads both directions of a connection as MySQL's protocol: greeting, login, then commands and their answers. It says
 * of every packet what it is, in order, and keeps at most the beginning of one.
 *
 *     greeting ─► login ─► authentication ─► ready ─► lost
 *
 * `lost` is a connection that it cannot read, or can no longer: not MySQL, encrypted or compressed by agreement, or a
 * command whose answer has no end, such as the binary log. Everything is `other` then.
 */
import type { Stream } from '../core/events.ts';
import { Answer, type AnswerPart, command } from './mysql-answer.ts';
import {
  canBecomeGreeting,
  capability,
  type Greeting,
  type Login,
  parseGreeting,
  parseLogin,
} from './mysql-login.ts';
import { type Packet, type PacketPiece, PacketReader, packetHeaderBytes } from './mysql-packets.ts';

/** A command that the client gave. */
export interface Command {
  /** The number of its kind, see `command`. */
  readonly code: number;
  /** The statement that it runs, as far as it was read; empty when it runs none or it is not known. */
  readonly statement: string;
}

/** What a packet is. */
export type MysqlRole =
  | { readonly kind: 'greeting'; readonly greeting: Greeting }
  | { readonly kind: 'login'; readonly login: Login }
  /** The rest of the way in, and an error in place of the greeting. */
  | { readonly kind: 'authentication' }
  | { readonly kind: 'command'; readonly command: Command }
  /** More bytes of a command, or of the file that the server asked for. */
  | { readonly kind: 'data' }
  | { readonly kind: 'answer'; readonly command: Command; readonly part: AnswerPart; readonly ends: boolean }
  /** The server sends an unsolicited packet, an error before it closes. */
  | { readonly kind: 'notice' };

/** Part of what one direction carries. */
export type MysqlPart =
  | { readonly kind: 'other'; readonly bytes: Buffer }
  | ({ readonly kind: 'packet'; readonly role: MysqlRole } & PacketPiece);

interface Pending {
  readonly command: Command;
  readonly answer: Answer;
}

/** Of a command so much is looked at; of the server's packets what a greeting and the head of an answer need. */
const headBytes = { upstream: 64 * 1024, downstream: 1024 } as const;
const withoutAnswer: readonly number[] = [command.quit, command.sendLongData, command.closeStatement];
const withoutEnd: readonly number[] = [command.binlogDump, command.tableDump, command.binlogDumpGtid];
const lastCommand = 0x1f;
/** Statements that are kept by their number, and how much of each. */
const mostStatements = 1_000;
const longestStatement = 4_096;
/** More commands without an answer are not followed. */
const mostPending = 1_000;
/** How MariaDB's clients name the statement that they prepared last. */
const lastPrepared = 0xffffffff;

export class MysqlReader {
  readonly #readers = {
    upstream: new PacketReader(headBytes.upstream),
    downstream: new PacketReader(headBytes.downstream),
  };
  readonly #roles: Record<Stream, MysqlRole | undefined> = { upstream: undefined, downstream: undefined };
  readonly #statements = new Map<number, string>();
  readonly #pending: Pending[] = [];
  #state: 'greeting' | 'login' | 'authentication' | 'ready' | 'late' | 'lost';
  #unreadable: string | undefined;
  #capabilities: number | undefined;
  #sendsFile = false;
  #proven = false;
  #lastPrepared = '';

  /** `joinedLate` says that bytes passed before: then it begins with the next chunk that looks like a command. */
  constructor({ joinedLate }: { readonly joinedLate: boolean }) {
    this.#state = joinedLate ? 'late' : 'greeting';
  }

  /** Why nothing is read; undefined while it is. */
  get unreadable(): string | undefined {
    return this.#unreadable;
  }

  /** Whether bytes of a direction are held that may be no MySQL: only a login proves it, or an answer. */
  undecided(stream: Stream): boolean {
    return !this.#proven && !this.#isLost() && this.#readers[stream].holds;
  }

  /** Decides that what is held is not MySQL; `takeRest` returns it. */
  giveUp(reason = noMysql): undefined {
    this.#state = 'lost';
    this.#unreadable ??= reason;
  }

  /** Whether the client is logged in and the server owes no answer; true too while a late reader has seen nothing. */
  get idle(): boolean {
    return this.#state === 'late' || (this.#state === 'ready' && this.#pending.length === 0);
  }

  /** Takes a command back: the server does not get it. Tells the command before it that is not answered yet. */
  withdraw(taken: Command): Command | undefined {
    const at = this.#pending.findIndex((pending) => pending.command === taken);
    if (at >= 0) this.#pending.splice(at, 1);
    return this.#pending[at - 1]?.command;
  }

  read(stream: Stream, bytes: Buffer): MysqlPart[] {
    if (this.#state === 'late' && stream === 'upstream' && looksLikeCommands(bytes)) this.#state = 'ready';
    if (this.#state === 'late') {
      if (stream === 'upstream') this.#unreadable = noCommand;
      return other(bytes);
    }
    if (this.#state === 'ready' && this.#unreadable === noCommand) this.#unreadable = undefined;
    if (this.#state !== 'greeting' && this.#state !== 'lost') return this.#packets(stream, bytes);

    const sofar = Buffer.concat([this.takeRest(stream), bytes]);
    if (stream === 'upstream' || !canBecomeGreeting(sofar)) this.giveUp();
    return this.#isLost() ? other(sofar) : this.#packets(stream, sofar);
  }

  /** What is held of a direction; the reader forgets it. */
  takeRest(stream: Stream): Buffer {
    return this.#readers[stream].takeRest();
  }

  #packets(stream: Stream, bytes: Buffer): MysqlPart[] {
    const parts = this.#readers[stream].push(bytes).map((piece) => this.#part(stream, piece));
    return this.#isLost() ? [...parts, ...other(this.takeRest(stream))] : parts;
  }

  #isLost(): boolean {
    return this.#state === 'lost';
  }

  #part(stream: Stream, piece: PacketPiece): MysqlPart {
    if (piece.begins) this.#roles[stream] = this.#roleOf(stream, piece.packet);
    const role = this.#roles[stream];
    return role ? { kind: 'packet', role, ...piece } : { kind: 'other', bytes: piece.bytes };
  }

  /** Undefined when the connection cannot be read any more. */
  #roleOf(stream: Stream, packet: Packet): MysqlRole | undefined {
    const role = stream === 'upstream' ? this.#fromClient(packet) : this.#fromServer(packet);
    if (role === undefined) this.giveUp();
    return role;
  }

  #fromServer(packet: Packet): MysqlRole | undefined {
    switch (this.#state) {
      case 'greeting':
        return this.#greeting(packet);
      case 'login':
        return { kind: 'notice' };
      case 'authentication':
        return this.#authentication(packet);
      case 'ready':
        return packet.continues ? this.#roles.downstream : this.#answer(packet);
      default:
        return undefined;
    }
  }

  #greeting({ head, sequence }: Packet): MysqlRole | undefined {
    if (sequence !== 0) return undefined;
    if (head[0] === 0xff) return { kind: 'authentication' };
    const greeting = parseGreeting(head);
    if (greeting === undefined) return undefined;
    this.#capabilities = greeting.capabilities;
    this.#state = 'login';
    return { kind: 'greeting', greeting };
  }

  #authentication({ head }: Packet): MysqlRole {
    const compressed = (this.#capabilities ?? 0) & (capability.compress | capability.zstd);
    if (head[0] === 0x00 && compressed === 0) this.#state = 'ready';
    else if (head[0] === 0x00) this.giveUp('MySQL with compression');
    return { kind: 'authentication' };
  }

  #answer(packet: Packet): MysqlRole | undefined {
    const [first] = this.#pending;
    if (first === undefined) return { kind: 'notice' };
    // Packets of an answer are counted on from the command's.
    if (!this.#proven && packet.sequence === 0) return this.giveUp();
    const { part, ends } = first.answer.read(packet);
    if (part === 'file') this.#sendsFile = true;
    if (ends) this.#complete(first);
    this.#proven ||= ends;
    return { kind: 'answer', command: first.command, part, ends };
  }

  #complete({ command, answer }: Pending): void {
    this.#pending.shift();
    if (answer.statementId === undefined) return;
    this.#statements.set(answer.statementId, command.statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > mostStatements && oldest !== undefined) this.#statements.delete(oldest);
  }

  #fromClient(packet: Packet): MysqlRole | undefined {
    switch (this.#state) {
      case 'login':
        return this.#login(packet);
      case 'authentication':
        return { kind: 'authentication' };
      case 'ready':
        return this.#data(packet) ?? this.#command(packet);
      default:
        return undefined;
    }
  }

  #login({ head }: Packet): MysqlRole | undefined {
    const login = parseLogin(head);
    if (login === undefined) return this.giveUp('a login older than MySQL 4.1');
    if (login.asksForTls) return this.giveUp('MySQL inside TLS');
    this.#capabilities = (this.#capabilities ?? 0) & login.capabilities;
    this.#proven = true;
    this.#state = 'authentication';
    return { kind: 'login', login };
  }

  #data({ continues, sequence, length }: Packet): MysqlRole | undefined {
    const changesUser = this.#pending[0]?.command.code === command.changeUser && sequence > 0;
    const file = this.#sendsFile && sequence > 0;
    if (file && length === 0) this.#sendsFile = false;
    return continues || file || changesUser ? { kind: 'data' } : undefined;
  }

  #command({ head, sequence }: Packet): MysqlRole | undefined {
    const [code = 0] = head;
    if (withoutEnd.includes(code)) return this.giveUp('a command whose answer has no end');
    if (sequence !== 0 || !isKnown(code)) return this.giveUp('MySQL that cannot be read');
    const given = { code, statement: this.#statementOf(code, head) };
    if (this.#pending.length >= mostPending) return this.giveUp('more commands at once than are followed');
    if (!withoutAnswer.includes(code)) {
      this.#pending.push({ command: given, answer: new Answer(code, this.#capabilities) });
    }
    return { kind: 'command', command: given };
  }

  #statementOf(code: number, head: Buffer): string {
    if (code === command.query) return this.#queryText(head);
    if (code === command.prepare) {
      this.#lastPrepared = head.toString('utf8', 1, 1 + longestStatement);
      return this.#lastPrepared;
    }
    if (code !== command.execute && code !== command.bulkExecute) return '';
    const id = head.length < 5 ? lastPrepared : head.readUInt32LE(1);
    return id === lastPrepared ? this.#lastPrepared : (this.#statements.get(id) ?? '');
  }

  /** With query attributes, their count and that of their sets stand before the text. Their values are not read. */
  #queryText(head: Buffer): string {
    const flags = this.#capabilities;
    const announced = flags === undefined ? head[1] === 0 : (flags & capability.queryAttributes) !== 0;
    if (!announced) return head.toString('utf8', 1);
    return head[1] === 0 ? head.toString('utf8', 3) : '';
  }
}

const noMysql = 'no MySQL';
const noCommand = 'no command of MySQL';

const isKnown = (code: number): boolean => (code > 0 && code <= lastCommand) || code === command.bulkExecute;

const other = (bytes: Buffer): MysqlPart[] => (bytes.length > 0 ? [{ kind: 'other', bytes }] : []);

/** Whether a chunk begins with a command, and consists of commands as far as it reaches. */
function looksLikeCommands(bytes: Buffer): boolean {
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at <= packetHeaderBytes) return false;
    const length = bytes.readUIntLE(at, 3);
    const code = bytes.readUInt8(at + packetHeaderBytes);
    if (length === 0 || bytes.readUInt8(at + 3) !== 0 || !isKnown(code)) return false;
    at += packetHeaderBytes + length;
  }
  return at > 0;
}
