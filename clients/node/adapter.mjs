/** What every adapter in Node does: reads commands, has `connect` make what the library has, and says what came of it. */
import { createInterface } from 'node:readline';

/** `default`, or `documented`. */
export const settings = process.argv[2];
export const isDefault = settings === 'default';

/** Thrown for what certainly had no effect. */
export class Failed extends Error {}

export const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Serves commands; `connect` gives an object that does some of send, request and release. */
export async function serve({ name, kind, connect }) {
  const connections = new Map();

  async function carryOut(command) {
    const { do: what, on } = command;
    if (what === 'hello') return { version: 1, name, kinds: [kind] };
    if (what === 'connect') {
      if (command.kind !== kind) throw new Failed(`there is no kind ${command.kind}`);
      connections.set(on, await connect(command));
      return {};
    }
    const connection = connections.get(on);
    if (typeof connection?.[what] !== 'function') throw new Failed(`nothing called ${on} can ${what}`);
    if (what === 'release') connections.delete(on);
    return (await connection[what](command)) ?? {};
  }

  async function answer(command) {
    try {
      say({ id: command.id, answer: 'ok', ...(await carryOut(command)) });
    } catch (error) {
      say({ id: command.id, answer: error instanceof Failed ? 'failed' : 'unknown', error: error.message });
    }
  }

  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const command = JSON.parse(line);
      if (typeof command.id !== 'number') throw new Error('it has no id');
      void answer(command); // Not awaited: commands are carried out at the same time.
    } catch (error) {
      console.error('not understood:', error.message);
    }
  }
  process.exit(0);
}

/** How statements of a pool are answered; mysql2 and mariadb have the same words for errors. */
export async function answered(statement) {
  try {
    const result = await statement;
    return Array.isArray(result) ? { rows: result } : { affected: Number(result.affectedRows) };
  } catch (error) {
    // The server's own refusal of a statement, but for the loss of its connection; or there never was one.
    if ((error.sqlState && !error.fatal) || error.code === 'ECONNREFUSED') throw new Failed(error.message);
    throw error;
  }
}

/** What a URL `mysql://user:password@host:port/schema` says. */
export function placeOf(url) {
  const { hostname, port, username, password, pathname } = new URL(url);
  const [user, secret] = [username, password].map(decodeURIComponent);
  return { host: hostname, port: Number(port), user, password: secret, database: pathname.slice(1) };
}
