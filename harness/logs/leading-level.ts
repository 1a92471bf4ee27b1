/**
 * Finds the level in a line of no known format: a word that stands where levels stand. It is looked for among the first pieces of
 * the line, after a stamp, brackets, columns and names that end in a colon, and never within a sentence.
 *
 *   2026/03/02 04:33:47 fleet-agentd: ERROR: connection lost        [2026/03/02 05:20:09] [ warn] [engine] failed
 */
import { isLevelName, levelOfWord } from './levels.ts';
import type { Reading } from './recogniser.ts';
import { readStamp, stampAt } from './times.ts';

/** Pieces before a level. */
const mostPieces = 6;

/** What may stand before a level and is none: brackets, numbers, a column, a name with a colon, a dash. */
const pieces: readonly RegExp[] = [
  /^\[[^\]]{0,80}\]/,
  /^\([^)]{0,80}\)/,
  /^\{[^}]{0,80}\}/,
  /^[^\s|]{1,60}(?= *\|)/,
  /^\d[\d.:]*(?=[\s\]])/,
  /^[\w$.@/#-]{1,60}:(?=\s)/,
  /^(?:-+|\||:|–|—|•|>)(?=\s)/,
];

/** The name of a logger, with dots or dashes; where no stamp comes before, it may be the first word of a sentence. */
const dotted = /^\w+(?:[./$-]\w+)+(?=\s)/;

/** A level in brackets of any kind; the case of its letters does not matter there, and more may follow it: `[INFO MessageListener]`. */
const enclosed =
  /^(?:\[[^\]/]{1,40}\/(?<tail>[A-Z]+)\]|\[ *(?<square>[A-Za-z]+)(?:[ :/][^\]]*)?\]|\( *(?<round>[A-Za-z]+) *\)|<(?<angle>[A-Za-z]+)>|\{(?<curly>[A-Za-z]+)\}):?\s*/;
/** A level in capitals, or in any case with a colon. */
const bare =
  /^(?:(?<loud>[A-Z]{3,11}(?:[+-]\d+)?)(?=$|[\s:|\]/,)>-])|(?<colon>[A-Za-z]{3,11})(?=:(?:\s|$))|(?<column>[A-Za-z]{3,11})(?= *\|))/;

/** What the line says by its level and stamp; undefined if neither is where one would look for it. */
export function readLeading(text: string): Reading | undefined {
  const opening = /^[[(]?/.exec(text)?.[0] ?? '';
  const stamp = stampAt(text.slice(opening.length));
  const rest = text.slice(stamp === undefined ? 0 : opening.length + stamp.length);
  // A bracket around the stamp may close behind the level and a name: the name gets a colon then.
  const after = stamp === undefined || opening === '' ? rest : rest.replace(/^([^[\]]*[^[\]\s])\] ?/, '$1: ');
  const found =
    stamp === undefined
      ? findLevel(after)
      : findLevel(after.replace(/^[\])]?[\s,]*/, ''), [...pieces, dotted]);
  if (found === undefined && stamp === undefined) return undefined;
  return {
    ...(found ?? { level: 'unknown', message: after.replace(/^[\])]?[\s|:,-]*/, '') }),
    ...(stamp === undefined ? {} : readStamp(stamp)),
  };
}

/** The level at the beginning of a text, and the text after it. `before` are the pieces that may come first. */
export function findLevel(text: string, before: readonly RegExp[] = pieces): Reading | undefined {
  let rest = text;
  for (let piece = 0; piece <= mostPieces; piece += 1) {
    const level = levelAt(rest);
    if (level !== undefined) return withPrefix(level, text.slice(0, text.length - rest.length));
    const next = before.map((shape) => shape.exec(rest)?.[0]).find((found) => found !== undefined);
    if (next === undefined) return undefined;
    rest = rest.slice(next.length).replace(/^[\s|]+/, '');
  }
  return undefined;
}

/** What stands before the level, if it is more than signs: the name of a program, a thread, a request. */
function withPrefix(reading: Reading, before: string): Reading {
  const prefix = before.replace(/^[\s|>-]+|[\s|:–—•>-]+$/g, '');
  return /\w/.test(prefix) ? { ...reading, fields: { prefix } } : reading;
}

function levelAt(text: string): Reading | undefined {
  const inside = enclosed.exec(text);
  const found = inside ?? bare.exec(text);
  const word = Object.values(found?.groups ?? {}).find((group) => group !== undefined);
  if (found === null || word === undefined || !(isLevelName(word) || /^[A-Z]+[+-]\d+$/.test(word)))
    return undefined;
  const level = levelOfWord(word);
  if (level === undefined) return undefined;
  const message = text.slice(found[0].length).replace(/^[\s|:,\]/)>-]+/, '');
  // What stands with the level in its brackets is worth keeping: the name of a logger, as a rule. `Error` is the name of a class.
  const named = inside === null ? '' : withName(inside[0], word);
  return { level, severityText: word, message: word === 'Error' && inside === null ? text : named + message };
}

function withName(brackets: string, word: string): string {
  const name = brackets
    .replace(word, '')
    .replace(/^[[({<\s/]+/, '')
    .replace(/\]:?\s*$/, '')
    .replace(/^[\s:/]+|[\s)>}]+$/g, '');
  return name === '' ? '' : `${name}: `;
}
