/**
 * Reads environment variables into typed values. Every problem is collected with the variable's name, its value
 * and what was expected, so that one start shows all that is wrong. Secrets are read as plain text and never
 * shown.
 */
import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One or more environment variables cannot be used; the message has a line for each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

interface Range {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** Reads variables one by one; `finish` throws a `ConfigError` when any could not be read. */
export function readEnvironment(env: Environment) {
  const problems: string[] = [];
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);

  function number(name: string, range: Range, isValid: (value: number) => boolean, kind: string): number {
    const text = given(name);
    if (text === undefined) return range.fallback;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (isValid(value) && value >= range.min && value <= range.max) return value;
    problems.push(`${name} is "${text}": expected ${kind} from ${range.min} to ${range.max}`);
    return range.fallback;
  }

  return {
    text: (name: string, fallback: string): string => given(name) ?? fallback,

    optional: given,

    integer: (name: string, range: Range): number => number(name, range, Number.isInteger, 'a whole number'),

    /** Seconds in the environment, milliseconds in the result. */
    seconds: (name: string, range: Range): number =>
      1000 * number(name, range, Number.isFinite, 'a number of seconds'),

    /** Seconds in the environment, milliseconds in the result; undefined where none are given. */
    optionalSeconds: (name: string, range: Omit<Range, 'fallback'>): number | undefined =>
      given(name) === undefined
        ? undefined
        : 1000 * number(name, { ...range, fallback: 0 }, Number.isFinite, 'a number of seconds'),

    factor: (name: string, range: Range): number => number(name, range, Number.isFinite, 'a number'),

    choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
      const text = given(name)?.toLowerCase();
      if (text === undefined) return fallback;
      const choice = choices.find((candidate) => candidate === text);
      if (choice !== undefined) return choice;
      problems.push(`${name} is "${env[name]}": expected one of ${choices.join(', ')}`);
      return fallback;
    },

    /** The content of the file that the variable names. */
    file(name: string): string | undefined {
      const path = given(name);
      if (path === undefined) return undefined;
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        problems.push(`${name} is "${path}": expected a readable file (${(error as Error).message})`);
        return undefined;
      }
    },

    problem: (text: string): void => void problems.push(text),

    finish(): void {
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };
}
