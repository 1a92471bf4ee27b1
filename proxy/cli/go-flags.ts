/**
 * Reads a command line as Go's `flag` package does (https://pkg.go.dev/flag#hdr-Command_line_flag_syntax): one dash or
 * two, `-x value` or `-x=value`, flags end at the first argument that is none. For a command that stands in for a
 * program written in Go.
 */

/** What a flag takes, and what it is unless given. */
export type GoFlag =
  | { readonly takes: 'text'; readonly initial: string }
  /** 64 bits, and therefore kept as text. */
  | { readonly takes: 'integer'; readonly initial: string | undefined }
  | { readonly takes: 'nothing'; readonly initial: boolean };

type GoFlags = Readonly<Record<string, GoFlag>>;

/** The values that go with a set of flags. */
export type GoFlagValues<F extends GoFlags> = {
  readonly [N in keyof F]: F[N]['takes'] extends 'integer'
    ? string | undefined
    : F[N]['takes'] extends 'text'
      ? string
      : boolean;
};

/** What is wrong with a command line, in Go's words. */
export class GoFlagError extends Error {
  override readonly name = 'GoFlagError';
}

/** `help` is what `-h` and `-help` ask for. @throws {GoFlagError} */
export function parseGoFlags<const F extends GoFlags>(
  flags: F,
  args: readonly string[],
): GoFlagValues<F> | 'help' {
  const values = new Map(Object.entries(flags).map(([name, { initial }]) => [name, initial]));
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined && isFlag(arg); arg = rest.shift()) {
    const [, name, given] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) throw new GoFlagError(`bad flag syntax: ${arg}`);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (!flag && (name === 'h' || name === 'help')) return 'help';
    if (!flag) throw new GoFlagError(`flag provided but not defined: -${name}`);
    values.set(
      name,
      flag.takes === 'nothing' ? toBoolean(name, given) : take(name, flag, given ?? rest.shift()),
    );
  }
  return Object.fromEntries(values) as GoFlagValues<F>;
}

function isFlag(arg: string): boolean {
  return arg.startsWith('-') && arg !== '-' && arg !== '--';
}

function take(name: string, { takes }: GoFlag, value: string | undefined): string {
  if (value === undefined) throw new GoFlagError(`flag needs an argument: -${name}`);
  if (takes === 'text') return value;
  if (/^[-+]?\d+$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)) return value;
  throw new GoFlagError(`invalid value ${JSON.stringify(value)} for flag -${name}: parse error`);
}

function toBoolean(name: string, value = 'true'): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false;
  throw new GoFlagError(`invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`);
}
