/** What MySQL's functions give that SQLite does not have, by the clock and the chance of the world. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';

/** A moment as SQL writes it, in UTC. */
export const sqlTime = (epochMs: number, digits = 3): string => {
  const text = new Date(epochMs).toISOString().slice(0, 23).replace('T', ' ');
  return digits === 0 ? text.slice(0, 19) : text.slice(0, 20 + digits).padEnd(20 + digits, '0');
};

export function addFunctions(database: DatabaseSync, clock: Clock, random: Random): void {
  const digits = (given: unknown): number => Number(given ?? 0);
  database.function('mysql_now', { varargs: true }, (given) => sqlTime(clock.now(), digits(given)));
  database.function('mysql_unix', { varargs: true }, (given) =>
    Math.floor(
      (given === undefined ? clock.now() : Date.parse(`${String(given).replace(' ', 'T')}Z`)) / 1_000,
    ),
  );
  database.function('mysql_rand', () => random.next());
  database.function('mysql_uuid', () => {
    const hex = Array.from({ length: 32 }, () => Math.floor(random.next() * 16).toString(16)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  });
  database.function('mysql_concat', { varargs: true }, (...texts) =>
    texts.some((text) => text === null) ? null : texts.map(String).join(''),
  );
  database.function('regexp', (pattern, text) =>
    text === null || pattern === null ? null : Number(new RegExp(String(pattern), 'i').test(String(text))),
  );
}
