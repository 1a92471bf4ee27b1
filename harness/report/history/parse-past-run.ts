/**
 * From a line of the history to a run, or to nothing: lines of other versions and half-written ones are no reason to stop.
 */
import { type PastRun, pastRunVersion } from './past-run.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The run that `line` holds; undefined when it is half-written, of another version or no run. */
export function parsePastRun(line: string): PastRun | undefined {
  const value = parseJson(line);
  return isPastRun(value) ? value : undefined;
}

/** Whether `value` has every field that a comparison reads. */
export function isPastRun(value: unknown): value is PastRun {
  if (!isObject(value) || value.history !== pastRunVersion) return false;
  const facts =
    has(value, 'string', 'id', 'world', 'startedAt', 'outcome') &&
    has(value, 'number', 'seed', 'pace', 'durationMs') &&
    isObject(value.versions) &&
    Object.values(value.versions).every((version) => typeof version === 'string') &&
    isOutcome(value.outcome);
  if (!facts || !Array.isArray(value.scenarios)) return false;
  return (value.parts === undefined || isTexts(value.parts)) && value.scenarios.every(isPastScenario);
}

function isPastScenario(value: unknown): boolean {
  return (
    isObject(value) &&
    has(value, 'string', 'id') &&
    has(value, 'boolean', 'asExpected') &&
    has(value, 'number', 'durationMs') &&
    isOutcome(value.outcome) &&
    isObject(value.checks) &&
    Object.values(value.checks).every(
      (checks) => isObject(checks) && Object.values(checks).every(isCheckOutcome),
    )
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const has = (fields: Fields, type: string, ...names: string[]): boolean =>
  names.every((name) => typeof fields[name] === type);

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

const isOutcome = (value: unknown): boolean =>
  typeof value === 'string' && ['expected', 'unexpected', 'inconclusive'].includes(value);

const isCheckOutcome = (value: unknown): boolean =>
  typeof value === 'string' && ['pass', 'fail', 'unknown'].includes(value);
