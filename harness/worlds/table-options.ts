/**
 * What a scenario may give to the methods of its table. Types are stripped when it runs: a misspelt option would leave its default
 * in force, and a wait without a number would be over at once.
 */
import * as z from 'zod';
import { LabError } from '../errors.ts';
import { mistakeInWords, type Shape, schemaMistakes } from '../schema-mistakes.ts';
import type { FollowOptions, LinkOptions, Table } from './table.ts';

type Options<Method extends 'until' | 'database'> = NonNullable<
  Parameters<Table[Method]>[Method extends 'until' ? 1 : 0]
>;
type Process = Parameters<Table['process']>[1];

const ms = z.number().min(0);
/** A number that may be the difference of two times. */
const anyMs = z.number();
const yesOrNo = z.boolean().optional();
const anything = z.unknown().optional();

const until: Shape<Options<'until'>> = { withinMs: ms, nth: z.int().min(1).optional() };
const database: Shape<Options<'database'>> = {
  own: yesOrNo,
  settings: z.record(z.string(), z.string()).optional(),
};
const link: Shape<LinkOptions> = { client: z.enum(['subject', 'service']).optional(), tls: yesOrNo };
const follow: Shape<FollowOptions> = { clock: z.enum(['lab', 'wall']).optional(), format: anything };
const poll = { everyMs: z.number().positive() };
const sleep = { ms: anyMs };
const process: Shape<Process> = {
  command: z.string().min(1),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  cwd: z.string().optional(),
  stdoutFile: z.string().optional(),
  stderrFile: z.string().optional(),
  input: yesOrNo,
  onStdoutLine: anything,
  onStderrLine: anything,
  shownAs: z.string().optional(),
  stopSignal: z.string().optional(),
  graceMs: ms.optional(),
  format: anything,
  log: z.literal('agent').optional(),
};

const shapes = {
  until: z.strictObject(until),
  database: z.strictObject(database),
  link: z.strictObject(link),
  follow: z.strictObject(follow),
  poll: z.strictObject(poll),
  sleep: z.strictObject(sleep),
  process: z.strictObject(process),
};

/** @throws LabError `LAB_SCENARIO_BROKEN` for an option that the method does not have, or a value that it cannot take */
export function refuseOptions(method: keyof typeof shapes, options: object): void {
  const [mistake] = schemaMistakes(shapes[method], options);
  if (mistake === undefined) return;
  throw new LabError('LAB_SCENARIO_BROKEN', `table.${method}: ${mistakeInWords(mistake)}`, {
    hint: 'docs/adding-a-scenario.md has what a table can do.',
  });
}
