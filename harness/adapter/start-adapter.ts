/**
 * An adapter under way: gives it commands, matches its answers, keeps its events. It may hang, end or talk nonsense at any moment;
 * each command settles all the same, within its bound.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { withDeadline } from 'shaketable-proxy/clock';
import { LabError } from '../errors.ts';
import type { ProcessExit, ProcessOptions, StartedProcess } from '../subjects/process.ts';
import {
  type AnswerLine,
  type Command,
  type ConnectionKind,
  type EventLine,
  protocolVersion,
  readLine,
} from './protocol.ts';

/** What came of a command: the adapter's answer, or that it said nothing in time (`silent`), or is no more (`gone`). */
export type Outcome = Omit<AnswerLine, 'id' | 'answer'> & {
  readonly answer: AnswerLine['answer'] | 'silent' | 'gone';
  readonly tookMs: number;
};

export interface AdapterOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Times of answers. */
  readonly clock: Clock;
  /** Starts the process: `startProcess`, or one that journals it. */
  readonly start: (options: ProcessOptions) => Promise<StartedProcess>;
  readonly onStderrLine?: (line: string) => void;
  /** Where sentences about lines that are none of the protocol go. @default a list of its own */
  readonly breaches?: string[];
  /** Told of each event as it comes. */
  readonly onEvent?: (event: EventLine) => void;
  /** Beyond the bound of a command itself, so long an answer is waited for, ms of `clock`. @default 5000 */
  readonly graceMs?: number;
  /** The bound of a command that has none of its own, ms of `clock`. @default 60000 */
  readonly longestMs?: number;
  /** How long it may take to start and answer the greeting, ms of `clock`. @default 20000 */
  readonly greetingMs?: number;
}

export interface Adapter extends AsyncDisposable {
  readonly name: string;
  readonly kinds: readonly ConnectionKind[];
  readonly pid: number;
  /** Gives a command. Never rejects. */
  do(command: Command): Promise<Outcome>;
  /** Writes a line that is no command, to see what it makes of it. */
  write(line: string): void;
  readonly events: readonly EventLine[];
  /** Resolves with the first event that is meant, also one that has come already; undefined after `withinMs`. */
  event(is: (event: EventLine) => boolean, withinMs: number): Promise<EventLine | undefined>;
  /** What it printed that is none of the protocol, a sentence each; the first ones. */
  readonly breaches: readonly string[];
  readonly exited: Promise<ProcessExit>;
  /** Ends its input, which asks it to end; it is killed after `graceMs`. */
  end(): Promise<ProcessExit | undefined>;
}

const usual = Object.freeze({ graceMs: 5_000, longestMs: 60_000, greetingMs: 20_000 });
const mostBreaches = 20;
const mostEvents = 10_000;

/**
 * Starts an adapter and greets it.
 * @throws LabError `LAB_SUBJECT_START` for a program that cannot be started, or does not answer the greeting as an adapter does
 */
export async function startAdapter(options: AdapterOptions): Promise<Adapter> {
  const {
    clock,
    start,
    onEvent,
    onStderrLine = () => {},
    graceMs = usual.graceMs,
    longestMs = usual.longestMs,
    greetingMs = usual.greetingMs,
  } = options;
  const waiting = new Map<number, (line: AnswerLine) => void>();
  const listeners = new Set<(event: EventLine) => void>();
  const events: EventLine[] = [];
  const breaches = options.breaches ?? [];
  const breach = (sentence: string): void => {
    if (breaches.length < mostBreaches) breaches.push(sentence);
  };
  const take = (line: string): void => {
    const said = readLine(line);
    if ('breach' in said) breach(said.breach);
    else if ('event' in said) {
      if (events.length < mostEvents) events.push(said);
      onEvent?.(said);
      for (const listener of listeners) listener(said);
    } else {
      const settle = waiting.get(said.id);
      waiting.delete(said.id);
      if (settle) settle(said);
      else breach(`an answer has the id ${said.id}, which waits for none`);
    }
  };
  const { command, args, env, cwd } = options;
  const child = await start({
    command,
    input: true,
    onStdoutLine: take,
    onStderrLine,
    ...(args === undefined ? {} : { args }),
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  let ids = 0;
  const gone = child.exited.then(() => 'gone' as const);
  const write = (line: string): void => void child.input?.write(`${line}\n`);

  async function give(command: Command, boundMs = boundOf(command)): Promise<Outcome> {
    ids += 1;
    const id = ids;
    const { promise, resolve } = Promise.withResolvers<AnswerLine>();
    waiting.set(id, resolve);
    const beganMs = clock.now();
    write(lineOf({ id, ...command }));
    const came = await withDeadline(clock, boundMs, Promise.race([promise, gone]), () => 'silent' as const);
    waiting.delete(id);
    const tookMs = clock.now() - beganMs;
    if (typeof came === 'string') return { answer: came, tookMs };
    const { id: _, ...answer } = came;
    return { ...answer, tookMs };
  }

  const boundOf = (command: Command): number =>
    (('withinMs' in command && command.withinMs) || longestMs) + graceMs;

  async function event(is: (event: EventLine) => boolean, withinMs: number): Promise<EventLine | undefined> {
    const { promise, resolve } = Promise.withResolvers<EventLine>();
    const listener = (event: EventLine): void => {
      if (is(event)) resolve(event);
    };
    for (const earlier of events) listener(earlier);
    listeners.add(listener);
    try {
      return await withDeadline(
        clock,
        withinMs,
        Promise.race([promise, gone.then(() => undefined)]),
        () => undefined,
      );
    } finally {
      listeners.delete(listener);
    }
  }

  let ending: Promise<ProcessExit | undefined> | undefined;
  const end = (): Promise<ProcessExit | undefined> => {
    ending ??= (async () => {
      child.input?.end();
      const exit = await withDeadline(clock, graceMs, child.exited, () => undefined);
      await child.stop();
      return exit;
    })();
    return ending;
  };

  const hello = await give({ do: 'hello', version: protocolVersion }, greetingMs);
  const wrong = greetingMistake(hello, breaches);
  if (wrong !== undefined) {
    await child.stop();
    throw new LabError('LAB_SUBJECT_START', `${command} does not answer as an adapter does: ${wrong}`, {
      hint: 'It is to answer {"id":1,"do":"hello","version":1} with {"id":1,"answer":"ok","version":1,"name":"…","kinds":["http"]}; docs/adapters.md has the protocol.',
    });
  }
  const { name = '', kinds = [] } = hello;
  return {
    name,
    kinds,
    pid: child.pid,
    do: (command) => give(command),
    write,
    events,
    event,
    breaches,
    exited: child.exited,
    end,
    [Symbol.asyncDispose]: async () => void (await end()),
  };
}

/** On one line for whoever reads it: some take U+2028 and U+2029 for the end of a line, as node:readline does. */
const lineOf = (value: object): string =>
  JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

function greetingMistake(hello: Outcome, breaches: readonly string[]): string | undefined {
  if (hello.answer === 'silent') return `it says nothing${breaches.length > 0 ? `; ${breaches[0]}` : ''}`;
  if (hello.answer === 'gone') return `it ends${breaches.length > 0 ? `; ${breaches[0]}` : ''}`;
  if (hello.answer !== 'ok')
    return `it answers ${hello.answer}${hello.error === undefined ? '' : ` (${hello.error})`}`;
  if (hello.version !== protocolVersion) return `it speaks version ${hello.version}, not ${protocolVersion}`;
  if (hello.name === undefined) return 'it has no name';
  if (hello.kinds === undefined || hello.kinds.length === 0) return 'it connects to nothing (kinds)';
  return undefined;
}
