/** Recognisers of logfmt: lines of pairs with a level, or a text and a time. */
import { levelOfWord } from './levels.ts';
import { readPairs } from './pairs.ts';
import type { Reading, Recogniser } from './recogniser.ts';
import { mostMatched } from './text-format.ts';
import { readEpoch, readStamp, type WrittenTime } from './times.ts';

const levelKeys = ['level', 'lvl', 'severity', 'loglevel', 'log_level'];
const messageKeys = ['msg', 'message', 'event'];
const timeKeys = ['time', 'ts', 'timestamp', 't', 'at'];

/** What a format of pairs is told by. */
export interface PairsFormat extends Omit<Recogniser, 'read' | 'more'> {
  /** How its lines begin. */
  readonly begins: RegExp;
}

/** Makes the recogniser. Pairs other than level, text and time become fields. */
export function pairsFormat({ begins, ...facts }: PairsFormat): Recogniser {
  return {
    ...facts,
    more: 'trace',
    read: ({ text }) => (begins.test(text) ? readingOf(text) : undefined),
  };
}

function readingOf(text: string): Reading | undefined {
  const pairs = readPairs(text.slice(0, mostMatched));
  if (pairs === undefined) return undefined;
  const [level, message, time] = [levelKeys, messageKeys, timeKeys].map((keys) =>
    keys.find((key) => Object.hasOwn(pairs, key)),
  );
  if (level === undefined && (message === undefined || time === undefined)) return undefined;
  const fields = Object.entries(pairs).filter(([key]) => key !== level && key !== message && key !== time);
  const word = level === undefined ? undefined : pairs[level];
  return {
    level: (word !== undefined && levelOfWord(word)) || 'unknown',
    ...(word === undefined ? {} : { severityText: word }),
    message: (message === undefined ? '' : (pairs[message] ?? '')) + text.slice(mostMatched),
    ...(time === undefined ? {} : timeOf(pairs[time] ?? '')),
    fields: Object.fromEntries(fields),
  };
}

function timeOf(value: string): WrittenTime {
  return /^\d{9,}(?:\.\d+)?$/.test(value) ? { ...readEpoch(Number(value)), stamp: value } : readStamp(value);
}
