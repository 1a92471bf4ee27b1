/** What the npm scripts that are programs of their own are told: `--help`, and exit code 64 with a word for what they do not know. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Exit code for arguments that make no sense, as that of `shaketable`. */
export const wrongUsage = 64;

/** What was given, and two ways to say that it makes no sense. */
interface ScriptArguments<T extends ParseArgsConfig> {
  readonly values: ReturnType<typeof parseArgs<T>>['values'];
  readonly positionals: readonly string[];
  /** The option as a whole number of at least `least` (1); anything else is refused. */
  number(option: keyof NonNullable<T['options']> & string, least?: number): number;
  /** Ends the program with code 64: `why` and the help on standard error. */
  refuse(why: string): never;
}

/**
 * The arguments of this process, by `config` of `parseArgs`. Prints `help` and ends with 0 for `--help` or `-h`; ends with 64 for an
 * option that is not known, has no value, or for a word where none is taken. Called before anything is begun.
 */
export function scriptArguments<const T extends ParseArgsConfig>(
  help: string,
  config: T,
): ScriptArguments<T> {
  const given = process.argv.slice(2);
  if (given.includes('--help') || given.includes('-h')) {
    console.log(help);
    process.exit(0);
  }
  const { values, positionals } = parsed();
  return {
    values,
    positionals,
    refuse,
    number(option, least = 1) {
      const text = String((values as Readonly<Record<string, unknown>>)[option]);
      if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text)) && Number(text) >= least)
        return Number(text);
      return refuse(`--${option} takes a whole number, ${least} or more, not ${text}`);
    },
  };

  function parsed(): ReturnType<typeof parseArgs<T>> {
    try {
      return parseArgs(config);
    } catch (error) {
      return refuse((error as Error).message);
    }
  }

  function refuse(why: string): never {
    console.error(`${why}\n\n${help}`);
    process.exit(wrongUsage);
  }
}
