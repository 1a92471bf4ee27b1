/**
 * What the page can do: each act by its name, with what it takes. What is wrong with what was given is told in the words of the
 * proxy or of the schema; nothing is done then.
 */
import { ApiError, type StartedProxy, type ToxicDefinition } from 'shaketable-proxy';
import * as z from 'zod';
import { isLabError } from '../errors.ts';
import { mistakeInWords, schemaMistakes } from '../schema-mistakes.ts';
import { endings, type OneConnectionFaults } from './one-connection.ts';
import type { Programs } from './programs.ts';

/** What an act answers: the status and a value as JSON. */
export interface Answer {
  readonly status: number;
  readonly value: unknown;
}

/** One act. */
export interface Act {
  readonly takes: z.ZodType;
  /** Is given what fits `takes`; what it returns is the answer. */
  readonly does: (given: never) => unknown;
}

export type Acts = Readonly<Record<string, Act>>;

export function act<T>(takes: z.ZodType<T>, does: (given: T) => unknown): Act {
  return { takes, does };
}

const link = z.string().max(10_000);
const one = z.strictObject({ link, connection: z.int().min(1) });
/** The proxy knows what a toxic may be, and says it better. */
const toxic = z.record(z.string(), z.unknown());

/** What can be done to the links of a proxy server. */
export function linkActs(proxies: StartedProxy, single: OneConnectionFaults): Acts {
  return {
    'add-toxic': act(z.strictObject({ link, toxic }), ({ link, toxic }) =>
      proxies.proxy(link).addToxic(toxic as unknown as ToxicDefinition),
    ),
    'change-toxic': act(z.strictObject({ link, name: z.string(), change: toxic }), ({ link, name, change }) =>
      proxies.proxy(link).updateToxic(name, change),
    ),
    'remove-toxic': act(z.strictObject({ link, name: z.string() }), ({ link, name }) =>
      proxies.proxy(link).removeToxic(name),
    ),
    'switch-link': act(z.strictObject({ link, enabled: z.boolean() }), ({ link, enabled }) =>
      proxies.proxy(link).update({ enabled }),
    ),
    'add-link': act(
      z.strictObject({ name: z.string(), listen: z.string().optional(), upstream: z.string() }),
      async ({ name, upstream, listen }) => {
        const { port } = await proxies.create({ name, upstream, ...(listen && { listen }) });
        return { port };
      },
    ),
    'remove-link': act(z.strictObject({ link }), ({ link }) => proxies.proxy(link).remove()),
    'lift-all': act(z.strictObject({}), () => proxies.reset()),
    pause: act(one, (which) => single.pause(which)),
    release: act(one, (which) => single.release(which)),
    end: act(one.extend({ how: z.enum(endings) }), ({ how, ...which }) => single.end(which, how)),
  };
}

/** What can be done to the programs of a stage. */
export function programActs(programs: Programs): Acts {
  const env = z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/i), z.string().max(10_000));
  return {
    'start-program': act(z.strictObject({ name: z.string(), env }), ({ name, env }) =>
      programs.start(name, env),
    ),
    'stop-program': act(z.strictObject({ name: z.string() }), ({ name }) => programs.stop(name)),
  };
}

/** Does what was asked. */
export async function perform(acts: Acts, name: string, given: unknown): Promise<Answer> {
  const found = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (found === undefined) return refused(404, `There is no ${name}.`);
  const mistakes = schemaMistakes(found.takes, given);
  if (mistakes.length > 0) return refused(400, mistakes.map(mistakeInWords).join('; '));
  try {
    return { status: 200, value: (await found.does(given as never)) ?? {} };
  } catch (error) {
    if (error instanceof ApiError) return refused(error.status, error.message);
    if (isLabError(error))
      return refused(400, error.hint ? `${error.message}. ${error.hint}` : error.message);
    throw error;
  }
}

const refused = (status: number, error: string): Answer => ({ status, value: { error } });
