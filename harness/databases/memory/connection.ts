/** One connection of a client to the database in memory, from the greeting to the last byte. Commands are done one after the other. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import {
  asksForTls,
  errorPacket,
  greeting,
  okPacket,
  preparedPackets,
  Reader,
  readLogin,
  readParameters,
  resultPackets,
} from './packets.ts';
import type { Result } from './schema-store.ts';
import { Session, type SessionHost } from './session.ts';
import { SqlError } from './sql-error.ts';
import { is, tokensOf } from './tokens.ts';

/** What a connection needs of its server. */
export interface ConnectionHost extends SessionHost {
  /** The password of a user; undefined for one that is not known. */
  passwordOf(user: string): string | undefined;
  /** Bytes that a password is hashed with, different each time. */
  scramble(): Buffer;
  readonly speaksTls: boolean;
  readonly secureContext: SecureContext;
  /** Resolves once the server works, which one that is frozen does not. */
  working(): Promise<void>;
  closed(connection: Connection): void;
}

/** The longest payload of one packet. */
const longest = 0xffffff;
const commands = {
  quit: 1,
  useSchema: 2,
  query: 3,
  ping: 14,
  prepare: 22,
  execute: 23,
  closeStatement: 25,
  resetStatement: 26,
  reset: 31,
};

interface Prepared {
  readonly sql: string;
  readonly parameters: number;
  types: readonly number[];
}

export class Connection {
  readonly id: number;
  readonly #host: ConnectionHost;
  readonly #scramble: Buffer;
  readonly #prepared = new Map<number, Prepared>();
  #stream: Duplex;
  #received: Buffer = Buffer.alloc(0);
  /** What came since, while a packet is not complete, and how many bytes of it are missing. */
  readonly #chunks: Buffer[] = [];
  #waitingFor = 0;
  /** Parts of a payload that takes several packets. */
  #parts: Buffer[] = [];
  #sequence = 0;
  #session: Session | undefined;
  #work: Promise<void> = Promise.resolve();
  #statements = 0;
  /** What it is at, for SHOW PROCESSLIST. */
  #running: string | undefined;
  #over = false;

  /** Greets the client, or turns it away with `refusal`. */
  constructor(host: ConnectionHost, id: number, stream: Duplex, refusal?: SqlError) {
    this.#host = host;
    this.id = id;
    this.#stream = stream;
    this.#scramble = host.scramble();
    this.#listen(stream);
    if (refusal !== undefined) this.end(refusal);
    else this.#send(greeting(host.version, id, this.#scramble, host.speaksTls));
  }

  get user(): string {
    return this.#session?.user ?? 'unauthenticated user';
  }

  /** A row of SHOW PROCESSLIST. */
  get process(): readonly unknown[] {
    const command = this.#running === undefined ? 'Sleep' : 'Query';
    return [
      BigInt(this.id),
      this.user,
      'memory',
      this.#session?.schema ?? null,
      command,
      0n,
      '',
      this.#running ?? null,
    ];
  }

  /** Ends it, with an error for the client where there is one to tell. */
  end(error?: SqlError): void {
    if (this.#over) return;
    // What no command asked for has no place in the order of packets.
    this.#sequence = 0;
    if (error !== undefined) this.#send(errorPacket(error));
    this.#finish();
    this.#stream.end();
  }

  #listen(stream: Duplex): void {
    stream.on('data', this.#onData);
    // The end of a connection is told by its close, whatever brought it about.
    stream.on('error', () => {});
    stream.once('end', () => stream.end());
    stream.once('close', () => this.#finish());
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#waitingFor -= chunk.length;
    // A long packet is put together once, when all of it is here.
    if (this.#waitingFor > 0) return;
    this.#received = Buffer.concat([this.#received, ...this.#chunks.splice(0)]);
    for (let packet = this.#nextPacket(); packet !== undefined; packet = this.#nextPacket()) {
      if (this.#session === undefined && asksForTls(packet)) {
        this.#startTls();
        return;
      }
      const whole = packet;
      this.#work = this.#work.then(() => this.#take(whole));
    }
  };

  /** The next payload that is complete. */
  #nextPacket(): Buffer | undefined {
    while (this.#received.length >= 4) {
      const size = this.#received.readUIntLE(0, 3);
      this.#waitingFor = 4 + size - this.#received.length;
      if (this.#waitingFor > 0) return undefined;
      this.#sequence = (this.#received[3] ?? 0) + 1;
      this.#parts.push(this.#received.subarray(4, 4 + size));
      this.#received = this.#received.subarray(4 + size);
      if (size === longest) continue;
      const whole = Buffer.concat(this.#parts);
      this.#parts = [];
      return whole;
    }
    return undefined;
  }

  /** The client goes on in TLS: what it sent already is the beginning of that. */
  #startTls(): void {
    if (!this.#host.speaksTls) {
      this.end(new SqlError(1043, 'Bad handshake'));
      return;
    }
    const { secureContext } = this.#host;
    const raw = this.#stream;
    raw.removeListener('data', this.#onData);
    raw.pause();
    if (this.#received.length > 0) raw.unshift(this.#received);
    this.#received = Buffer.alloc(0);
    this.#stream = new TLSSocket(raw, { isServer: true, secureContext });
    this.#listen(this.#stream);
  }

  async #take(packet: Buffer): Promise<void> {
    await this.#host.working();
    if (this.#over) return;
    try {
      if (this.#session === undefined) this.#logIn(packet);
      else await this.#command(this.#session, packet);
    } catch (error) {
      // A client that waits for an answer gets one, even where the fault is here.
      this.#send(
        errorPacket(
          error instanceof SqlError ? error : new SqlError(1105, `Internal error: ${String(error)}`),
        ),
      );
      if (this.#session === undefined) this.end();
    } finally {
      this.#running = undefined;
    }
  }

  #logIn(packet: Buffer): void {
    const { user, token, database } = readLogin(packet);
    const password = this.#host.passwordOf(user);
    if (password === undefined || !isTokenOf(token, password, this.#scramble)) {
      const used = token.length > 0 ? 'YES' : 'NO';
      throw new SqlError(1045, `Access denied for user '${user}'@'memory' (using password: ${used})`);
    }
    const session = new Session(this.#host, this.id, user);
    if (database !== undefined) session.use(database);
    this.#session = session;
    this.#ok();
  }

  async #command(session: Session, packet: Buffer): Promise<void> {
    const reader = new Reader(packet);
    const code = reader.int(1);
    if (code === commands.quit) return this.end();
    if (code === commands.ping || code === commands.resetStatement) return this.#ok();
    if (code === commands.reset) {
      session.leave();
      return this.#ok();
    }
    if (code === commands.useSchema) {
      session.use(reader.text());
      return this.#ok();
    }
    if (code === commands.query) return this.#answer(await this.#run(session, reader.text()), 'text');
    if (code === commands.prepare) return this.#prepare(reader.text());
    if (code === commands.execute) return this.#execute(session, reader);
    if (code === commands.closeStatement) return void this.#prepared.delete(reader.int(4));
    throw new SqlError(1047, 'Unknown command');
  }

  #run(session: Session, sql: string, values?: Parameters<Session['run']>[1]): Promise<Result> {
    this.#running = sql;
    return session.run(sql, values);
  }

  #prepare(sql: string): void {
    const parameters = tokensOf(sql).filter((token) => is(token, '?')).length;
    const id = ++this.#statements;
    this.#prepared.set(id, { sql, parameters, types: [] });
    this.#send(...preparedPackets(id, parameters));
  }

  async #execute(session: Session, reader: Reader): Promise<void> {
    const prepared = this.#prepared.get(reader.int(4));
    if (prepared === undefined) throw new SqlError(1243, 'Unknown prepared statement handler');
    reader.skip(5);
    const { values, types } = readParameters(reader, prepared.parameters, prepared.types);
    prepared.types = types;
    this.#answer(await this.#run(session, prepared.sql, values), 'binary');
  }

  #answer(result: Result, form: 'text' | 'binary'): void {
    if (this.#over) return;
    const { inTransaction = false } = this.#session ?? {};
    if ('rows' in result) this.#send(...resultPackets(result, inTransaction, form));
    else this.#send(okPacket(result, inTransaction));
  }

  #ok(): void {
    this.#answer({ affected: 0, insertId: 0n }, 'text');
  }

  #send(...payloads: readonly Buffer[]): void {
    if (this.#over || this.#stream.destroyed || !this.#stream.writable) return;
    const packets = payloads.flatMap(partsOf).flatMap((part) => [this.#head(part.length), part]);
    this.#stream.write(Buffer.concat(packets));
  }

  #head(size: number): Buffer {
    const head = Buffer.alloc(4);
    head.writeUIntLE(size, 0, 3);
    head[3] = this.#sequence & 0xff;
    this.#sequence += 1;
    return head;
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#session?.leave();
    this.#host.closed(this);
  }
}

/** A payload as packets: one that is full is followed by another, if need be an empty one. */
function partsOf(payload: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at <= payload.length; at += longest) parts.push(payload.subarray(at, at + longest));
  return parts;
}

/** `mysql_native_password`: SHA1(password) XOR SHA1(scramble + SHA1(SHA1(password))). */
function isTokenOf(token: Buffer, password: string, scramble: Buffer): boolean {
  if (password === '') return token.length === 0;
  const sha1 = (...parts: Buffer[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest();
  const once = sha1(Buffer.from(password));
  const mask = sha1(scramble, sha1(once));
  const expected = once.map((byte, at) => byte ^ (mask[at] ?? 0));
  return token.length === expected.length && timingSafeEqual(token, expected);
}
