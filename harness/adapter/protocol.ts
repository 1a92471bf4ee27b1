/**
 * The protocol of adapters, version 1: a line of JSON for each command on the adapter's standard input, a line for each answer and
 * event on its standard output. An adapter is a small program around a client library; docs/adapters.md is its author's page.
 *
 *     lab ── {"id":3,"do":"send","on":"c","text":"hello"} ──► adapter ──► server
 *         ◄── {"id":3,"answer":"ok"} ────────────────────────
 *         ◄── {"event":"message","on":"c","text":"hello you"} ─
 */
import * as z from 'zod';

export const protocolVersion = 1;

/** What an adapter may connect to. */
export const connectionKinds = ['http', 'websocket', 'database'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** What can be told of anything that was tried. */
export const answers = ['ok', 'failed', 'unknown'] as const;

/** What the lab asks. `on` names a connection, `withinMs` is the time that the caller gives it, in milliseconds. */
export type Command =
  | { readonly do: 'hello'; readonly version: number }
  | ({ readonly do: 'connect'; readonly kind: ConnectionKind; readonly on: string } & Place & Bound)
  | ({ readonly do: 'send'; readonly on: string; readonly text: string } & Bound)
  | ({ readonly do: 'request'; readonly on: string } & (HttpRequest | Statement) & Bound)
  | { readonly do: 'release'; readonly on: string };

/** Where to, and as whom. */
export interface Place {
  /** `https://…`, `wss://…` or `mysql://user:password@host:port/schema`. */
  readonly url: string;
  /** To be sent as `Authorization: Bearer …`. */
  readonly token?: string;
  /** The authority to trust, a PEM file. */
  readonly caFile?: string;
}

export interface Bound {
  /** Left out, the library's own default counts. */
  readonly withinMs?: number;
}

export interface HttpRequest {
  readonly method: string;
  /** Behind the URL of the connection. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Statement {
  readonly sql: string;
  /** For the question marks in it. */
  readonly values?: readonly (string | number | null)[];
}

const answerLine = z.object({
  id: z.int().positive(),
  answer: z.enum(answers),
  error: z.string().optional(),
  /** Of `hello`. */
  version: z.int().optional(),
  name: z.string().min(1).max(200).optional(),
  kinds: z.array(z.enum(connectionKinds)).optional(),
  /** Of `request` by HTTP. */
  status: z.int().optional(),
  body: z.string().optional(),
  /** Of `request` by SQL. */
  rows: z.array(z.record(z.string(), z.unknown())).optional(),
  affected: z.int().optional(),
});

const eventLine = z.object({
  event: z.enum(['message', 'closed']),
  on: z.string(),
  text: z.string().optional(),
  code: z.int().optional(),
  error: z.string().optional(),
});

/** A line that answers a command. */
export type AnswerLine = z.infer<typeof answerLine>;
/** A line that nobody asked for: a message came, or a connection is gone. */
export type EventLine = z.infer<typeof eventLine>;

/** What a line of an adapter says, or why it is none of the protocol. */
export function readLine(line: string): AnswerLine | EventLine | { readonly breach: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { breach: `a line is no JSON: ${line.slice(0, 120)}` };
  }
  const isEvent = typeof value === 'object' && value !== null && 'event' in value;
  const { success, data, error } = (isEvent ? eventLine : answerLine).safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  return {
    breach: `a line is no ${isEvent ? 'event' : 'answer'} (${issue?.path.join('.')}: ${issue?.message}): ${line.slice(0, 120)}`,
  };
}
