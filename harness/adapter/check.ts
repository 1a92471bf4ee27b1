/** What an adapter is tried for: a sentence, and how it is found out. */
import type { Clock } from 'shaketable-proxy/clock';
import type { StartedDatabase } from '../databases/index.ts';
import type { Peer } from './peer.ts';
import type { Command, ConnectionKind, Place } from './protocol.ts';
import type { Adapter, Outcome } from './start-adapter.ts';

/** All that a check may use. */
export interface Bench {
  readonly adapter: Adapter;
  readonly peer: Peer;
  readonly clock: Clock;
  /** The PEM file of the peer's authority. */
  readonly caFile: string;
  /** One of an authority that signed nothing. */
  readonly otherCaFile: string;
  readonly token: string;
  /** A port that nobody listens on. */
  readonly closedPort: number;
  /** Where the adapter speaks to one. */
  readonly database?: BenchDatabase;
}

export interface BenchDatabase {
  readonly server: StartedDatabase;
  readonly user: string;
  readonly place: Place;
  /** The same with a password that is wrong. */
  readonly wrongPlace: Place;
}

export interface AdapterCheck {
  readonly id: string;
  /** What holds of an adapter that passes. */
  readonly title: string;
  /** Only for adapters that connect to such. */
  readonly kind?: ConnectionKind;
  /** @throws Mismatch in the first sentence that does not hold */
  run(bench: Bench): Promise<void>;
}

/** What an adapter did, where something else was to be expected. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

/** @throws Mismatch unless `holds` */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Mismatch(otherwise);
}

/** An outcome in words: `ok, status 200`, `silent`. */
export function inWords(outcome: Outcome): string {
  const { answer } = outcome;
  if (answer === 'silent') return 'no answer at all';
  if (answer === 'gone') return 'the adapter ended';
  const status = outcome.status === undefined ? '' : `, status ${outcome.status}`;
  const error = outcome.error === undefined ? '' : ` (${outcome.error.slice(0, 160)})`;
  return `“${answer}”${status}${error}`;
}

let names = 0;

/** A name for a connection that no other check uses. */
export const freshName = (): string => {
  names += 1;
  return `c${names}`;
};

/** Gives a command that has to be answered `ok`. */
export async function succeed(adapter: Adapter, command: Command): Promise<Outcome> {
  const outcome = await adapter.do(command);
  expect(outcome.answer === 'ok', `${command.do} is answered ${inWords(outcome)}, not “ok”`);
  return outcome;
}

/** Connects to the peer, and gives the name of the connection. */
export async function connectTo(
  { adapter, peer, caFile, token }: Bench,
  kind: 'http' | 'websocket',
  path = '',
): Promise<string> {
  const on = freshName();
  const url = `${kind === 'http' ? 'https' : 'wss'}://127.0.0.1:${peer.port}${path}`;
  await succeed(adapter, { do: 'connect', kind, on, url, token, caFile, withinMs: 10_000 });
  return on;
}

const lookEveryMs = 10;

/** Waits until `holds`, which the other side brings about in its own time. @throws Mismatch after `withinMs` */
export async function eventually(
  { clock }: Bench,
  withinMs: number,
  holds: () => boolean | Promise<boolean>,
  otherwise: string,
): Promise<void> {
  const endMs = clock.now() + withinMs;
  while (!(await holds())) {
    expect(clock.now() < endMs, otherwise);
    await clock.sleep(lookEveryMs);
  }
}
