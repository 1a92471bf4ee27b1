/** Measures the clocks of all workers of a run at once: who is there answers by broadcast. */
import type { Clock } from 'shaketable-proxy/clock';
import type { JsonObject } from '../../journal/fields.ts';
import type { Engine } from '../../queue/engine.ts';
import { type Offset, offsetFrom, type Round } from './offset.ts';

/** Questions in a measurement. */
const rounds = 20;

/** Milliseconds for the answers to one question. */
const answerMs = 100;

/** What is asked and answered, as messages of the run. */
const ask = (question: string): JsonObject => ({ clock: { question } });

/** The answer of a worker to a question in `message`; undefined where there is none. */
export function answerIn(message: JsonObject, worker: string, nowMs: number): JsonObject | undefined {
  const { clock } = message;
  if (typeof clock !== 'object' || clock === null || !('question' in clock) || 'worker' in clock)
    return undefined;
  return { clock: { question: String(clock.question), worker, theirsMs: nowMs } };
}

/** The offset of each worker that answered, by its name; those of `clock` are wall-clock milliseconds. */
export async function measureClocks(
  engine: Engine,
  run: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Offset>> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const sent = new Map<string, number>();
  const answers = new Map<string, Round[]>();
  const listening = (async () => {
    for await (const message of engine.listen(run, ended)) {
      const receivedMs = clock.now();
      const { question, worker, theirsMs } = (message.clock ?? {}) as JsonObject;
      const sentMs = sent.get(String(question));
      if (sentMs === undefined || typeof worker !== 'string' || typeof theirsMs !== 'number') continue;
      answers.set(worker, [...(answers.get(worker) ?? []), { sentMs, receivedMs, theirsMs }]);
    }
  })();
  listening.catch(() => undefined);
  try {
    for (let left = rounds; left > 0 && !ended.aborted; left -= 1) {
      const question = `${process.pid}.${clock.now()}.${left}`;
      sent.set(question, clock.now());
      await engine.broadcast(run, ask(question));
      await clock.sleep(answerMs, ended).catch(() => undefined);
    }
  } finally {
    over.abort();
  }
  await listening.catch(() => undefined);
  const offsets = [...answers].flatMap(([worker, all]) => {
    const offset = offsetFrom(all);
    return offset ? [[worker, offset] as const] : [];
  });
  return new Map(offsets);
}
