/** What MySQL's functions give that SQLite does not have, by the clock and the chance of the world. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import { notHere } from './sql-error.ts';

/** A moment as SQL writes it, in UTC. */
export const sqlTime = (epochMs: number, digits = 3): string => {
  const text = new Date(epochMs).toISOString().slice(0, 23).replace('T', ' ');
  return digits === 0 ? text.slice(0, 19) : text.slice(0, 20 + digits).padEnd(20 + digits, '0');
};

const epochMsOf = (moment: unknown): number => Date.parse(`${String(moment).replace(' ', 'T')}Z`);

/** Units of TIMESTAMPDIFF whose length is always the same. */
const units: Readonly<Record<string, number>> = {
  MICROSECOND: 0.001,
  SECOND: 1_000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
};

function msIn(unit: string): number {
  const ms = units[unit];
  if (ms !== undefined) return ms;
  throw notHere(`TIMESTAMPDIFF in ${unit}`);
}

export function addFunctions(database: DatabaseSync, clock: Clock, random: Random): void {
  const digits = (given: unknown): number => Number(given ?? 0);
  database.function('mysql_now', { varargs: true }, (given) => sqlTime(clock.now(), digits(given)));
  database.function('mysql_unix', { varargs: true }, (given) =>
    Math.floor(
      (given === undefined ? clock.now() : Date.parse(`${String(given).replace(' ', 'T')}Z`)) / 1_000,
    ),
  );
  database.function('mysql_timestampdiff', (unit, from, to) =>
    from === null || to === null ? null : Math.trunc((epochMsOf(to) - epochMsOf(from)) / msIn(String(unit))),
  );
  database.function('mysql_reverse', (text) =>
    text === null ? null : [...String(text)].toReversed().join(''),
  );
  database.function('mysql_repeat', (text, times) =>
    text === null || times === null ? null : String(text).repeat(Math.max(0, Number(times))),
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
