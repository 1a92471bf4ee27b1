/** The child's side: plays what the supervisor sends, one unit after the other, and ends with the supervisor. */
import { Worker } from 'node:worker_threads';
import { isLabError } from '../../errors.ts';
import type { JsonObject } from '../../journal/fields.ts';
import { createFeed } from '../../queue/memory/feed.ts';
import {
  beatMs,
  type ChildMessage,
  type Played,
  type PlayMessage,
  type SupervisorMessage,
} from './messages.ts';

/** How units of one kind are played. */
export interface UnitPlayer extends AsyncDisposable {
  /** Plays a unit. It may leave files in `directory`. */
  play(payload: JsonObject, directory: string): Promise<Played>;
}

/** What players are started with. */
export interface PlayerContext {
  readonly note: (line: string) => void;
  /** Tells whoever began the run; may be lost. */
  readonly say: (said: JsonObject) => void;
  /** What whoever began the run tells all who play it, from now on until `signal`. */
  hear(signal: AbortSignal): AsyncIterable<JsonObject>;
}

/** The kinds that there are, loaded when the first unit of each comes. */
export type UnitKinds = Readonly<Record<string, () => Promise<(context: PlayerContext) => UnitPlayer>>>;

/** Ends this process when the supervisor is gone, also in the midst of code that does not give its thread back. */
const orphanWatch = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL'); }, 500);
`;

export function serveUnits(kinds: UnitKinds): void {
  const players = new Map<string, Promise<UnitPlayer>>();
  const send = (message: ChildMessage): void => {
    // A supervisor that is gone hears nothing; this process ends with it.
    if (process.connected) process.send?.(message, () => {});
  };
  new Worker(orphanWatch, { eval: true, workerData: process.ppid }).unref();
  setInterval(() => send({ kind: 'beat' }), beatMs);
  const told = createFeed<JsonObject>();
  process.on('message', (message) => {
    const sent = message as SupervisorMessage;
    if ('play' in sent) void play(sent.play);
    else told.push(sent.told);
  });
  process.once('disconnect', () => void end());
  send({ kind: 'beat' });

  const playerOf = (kind: string): Promise<UnitPlayer> => {
    const known = players.get(kind) ?? start(kind);
    players.set(kind, known);
    return known;
  };
  const start = async (kind: string): Promise<UnitPlayer> => {
    const load = kinds[kind];
    if (!load) throw new Error(`there are no units of the kind ${kind} here`);
    return (await load())({
      note: (line) => send({ kind: 'note', line }),
      say: (said) => send({ kind: 'said', said }),
      hear: (signal) => told.follow(signal),
    });
  };
  async function play({ kind, payload, directory }: PlayMessage): Promise<void> {
    try {
      const player = await playerOf(kind);
      send({ kind: 'played', played: await player.play(payload, directory) });
    } catch (error) {
      send({ kind: 'broken', reason: inWords(error) });
    }
  }
  async function end(): Promise<void> {
    for (const player of players.values())
      await player.then((started) => started[Symbol.asyncDispose]()).catch(() => undefined);
    process.exit();
  }
}

function inWords(error: unknown): string {
  if (isLabError(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
