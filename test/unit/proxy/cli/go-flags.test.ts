/** Flags as Go's `flag` package reads them; the messages are its. */
import { expect, it } from 'vitest';
import { GoFlagError, parseGoFlags } from '../../../../proxy/cli/go-flags.ts';

const flags = {
  host: { takes: 'text', initial: 'localhost' },
  seed: { takes: 'integer', initial: undefined },
  metrics: { takes: 'nothing', initial: false },
} as const;
const initial = { host: 'localhost', seed: undefined, metrics: false };

it.each([
  [[], {}],
  [['-host', 'a'], { host: 'a' }],
  [['--host', 'a'], { host: 'a' }],
  [['-host=a=b'], { host: 'a=b' }],
  [['--host='], { host: '' }],
  [['-host', '-metrics'], { host: '-metrics' }],
  [['-host', 'a', '-host', 'b'], { host: 'b' }],
  [['-seed', '-9223372036854775808'], { seed: '-9223372036854775808' }],
  [['-metrics'], { metrics: true }],
  [['-metrics=true', '-seed=7'], { metrics: true, seed: '7' }],
  [['-metrics', '-metrics=F'], { metrics: false }],
  [['-metrics', 'false', '-host', 'a'], { metrics: true }],
  [['positional', '-host', 'a'], {}],
  [['--', '-host', 'a'], {}],
  [['-', '-host', 'a'], {}],
])('reads %j', (args, given) => {
  expect(parseGoFlags(flags, args)).toEqual({ ...initial, ...given });
});

it.each(['-h', '--h', '-help', '--help'])('takes %s for a question', (flag) => {
  expect(parseGoFlags(flags, ['-host', 'a', flag])).toBe('help');
});

it.each([
  [['-nope'], 'flag provided but not defined: -nope'],
  [['--nope=1'], 'flag provided but not defined: -nope'],
  [['-toString'], 'flag provided but not defined: -toString'],
  [['-host'], 'flag needs an argument: -host'],
  [['-seed', 'x'], 'invalid value "x" for flag -seed: parse error'],
  [['-seed', '9223372036854775808'], 'invalid value "9223372036854775808" for flag -seed: parse error'],
  [['-metrics=maybe'], 'invalid boolean value "maybe" for -metrics: parse error'],
  [['---host'], 'bad flag syntax: ---host'],
  [['-=a'], 'bad flag syntax: -=a'],
])('refuses %j', (args, message) => {
  expect(() => parseGoFlags(flags, args)).toThrow(new GoFlagError(message));
});
