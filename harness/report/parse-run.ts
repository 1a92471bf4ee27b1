/**
 * From the text of a `run.json` to a `RunResult`, or to an error that names the place where it is not one.
 */

import { LabError } from '../errors.ts';
import { worldNames } from '../world-list.ts';
import { type RunResult, runVersion } from './run-result.ts';
import { shorten } from './text.ts';

type Shape = (value: unknown, place: string) => void;

/**
 * Reads the text of `run.json`.
 * @throws LabError `LAB_BAD_INPUT` when it is half-written, of another version or not a run; `file` is named in it.
 */
export function parseRun(text: string, file: string): RunResult {
  const value = parseJson(text, file);
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (version !== runVersion) throw wrongVersion(file, version);
  try {
    run(value, '');
  } catch (cause) {
    if (!(cause instanceof Misfit)) throw cause;
    throw new LabError('LAB_BAD_INPUT', `${file} is not a run: ${cause.message}`, {
      hint: 'Run the scenarios again, or restore the file as the run wrote it.',
    });
  }
  return value as RunResult;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = text.trim() === '' ? 'is empty' : 'is half-written or not JSON';
    throw new LabError('LAB_BAD_INPUT', `${file} ${what}`, {
      hint: 'The run was probably stopped while it wrote the file. Run the scenarios again.',
      cause,
    });
  }
}

function wrongVersion(file: string, version: unknown): LabError {
  const has = version === undefined ? 'names no version' : `has version ${JSON.stringify(version)}`;
  return new LabError('LAB_BAD_INPUT', `${file} ${has}; this shaketable reads version ${runVersion}`, {
    hint: 'Read it with the shaketable that wrote it (`versions.shaketable` in the file), or run the scenarios again.',
  });
}

class Misfit extends Error {}

const misfit = (place: string, expected: string, value: unknown): Misfit => {
  const got = value === undefined ? 'missing' : shorten(JSON.stringify(value), 80);
  return new Misfit(`${place || 'the file'} should be ${expected}, but is ${got}`);
};

const text: Shape = (value, place) => {
  if (typeof value !== 'string') throw misfit(place, 'text', value);
};
const number: Shape = (value, place) => {
  if (typeof value !== 'number') throw misfit(place, 'a number', value);
};
/** A path below the run directory: a stored run from elsewhere must not make a report quote other files. */
const pathInside: Shape = (value, place) => {
  text(value, place);
  const parts = String(value).split(/[\\/]/);
  if (parts.includes('..') || (parts.length > 1 && parts[0] === '') || /^\w+:/.test(String(value))) {
    throw misfit(place, 'a path below the run directory', value);
  }
};
const yesOrNo: Shape = (value, place) => {
  if (typeof value !== 'boolean') throw misfit(place, 'true or false', value);
};
const anything: Shape = (value, place) => {
  if (value === undefined) throw misfit(place, 'there', value);
};
const figure: Shape = (value, place) => {
  if (value !== null && typeof value !== 'number') text(value, place);
};
const oneOf =
  (...words: string[]): Shape =>
  (value, place) => {
    if (!words.includes(value as string)) throw misfit(place, `one of ${words.join(', ')}`, value);
  };
const optional =
  (shape: Shape): Shape =>
  (value, place) => {
    if (value !== undefined) shape(value, place);
  };
const list =
  (item: Shape): Shape =>
  (value, place) => {
    if (!Array.isArray(value)) throw misfit(place, 'a list', value);
    value.forEach((one, index) => {
      item(one, `${place}[${index}]`);
    });
  };
const object =
  (fields: Record<string, Shape>): Shape =>
  (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw misfit(place, 'an object', value);
    for (const [name, shape] of Object.entries(fields)) {
      shape((value as Record<string, unknown>)[name], place === '' ? name : `${place}.${name}`);
    }
  };

const world = oneOf(...worldNames);
const outcome = oneOf('pass', 'fail', 'unknown');
const runOutcome = oneOf('expected', 'unexpected', 'inconclusive');

const check = object({
  id: text,
  title: optional(text),
  outcome,
  measured: anything,
  expected: anything,
  known: optional(object({ reason: text, since: text })),
  evidence: list(number),
});
const subject = object({
  name: text,
  expected: oneOf('pass', 'fail'),
  outcome,
  journal: pathInside,
  checks: list(check),
  notApplicable: optional(list(object({ check: text, why: text }))),
  talkedPast: optional(list(text)),
  error: optional(text),
});
const fault = object({
  id: text,
  kind: text,
  link: text,
  strikes: number,
  subject: optional(text),
  place: optional(text),
  engine: optional(oneOf('toxiproxy', 'shaketable')),
  reason: optional(text),
  params: optional(object({})),
});
const scenario = object({
  id: text,
  title: text,
  story: optional(text),
  requirements: list(text),
  world,
  seed: number,
  durationMs: number,
  asExpected: yesOrNo,
  replay: text,
  file: optional(text),
  reported: optional(list(text)),
  inconclusive: optional(list(text)),
  stalledMs: optional(number),
  pairHeld: optional(yesOrNo),
  firstTry: optional(
    object({ outcome: runOutcome, reasons: list(text), onlyUnderLoad: optional(list(text)) }),
  ),
  subjects: list(subject),
  faults: list(fault),
});
const claim = object({
  id: text,
  figure: text,
  requirement: text,
  reportedBefore: figure,
  reportedAfter: figure,
  naive: figure,
  hardened: figure,
  unit: text,
  holds: (value, place) => (value === null ? undefined : yesOrNo(value, place)),
});
const shard = object({ index: number, of: number, places: list(number), claimPlaces: list(number) });
const run = object({
  id: text,
  seed: number,
  world,
  pace: number,
  startedAt: text,
  durationMs: number,
  versions: object({}),
  outcome: runOutcome,
  scenarios: list(scenario),
  claims: list(claim),
  shard: optional(shard),
  subject: optional(
    object({
      name: text,
      file: text,
      command: list(text),
      server: text,
      pace: object({ how: oneOf('libfaketime', 'real'), why: text }),
    }),
  ),
  notApplicable: optional(list(object({ id: text, title: text, why: list(text) }))),
});
