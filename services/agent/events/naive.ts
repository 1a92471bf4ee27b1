/**
 * An event reader as it is written first: it waits for as long as nothing comes, and where a connection ended it begins
 * anew three seconds later, with whatever the server says from then on. Kept as it is: it is the subject that has to
 * fail.
 */
import { EventStreamParser } from './event-stream.ts';
import { requestStream } from './open-stream.ts';
import type { EventReader, EventReaderOptions } from './reader.ts';

const restMs = 3_000;

/** A reader with the usual omissions; the shape is that of the hardened one. */
export function startNaiveEventReader(options: EventReaderOptions): EventReader {
  const { clock, log, onEvent } = options;
  const stopped = new AbortController();
  const say = (level: string, text: string): void => {
    const time = new Date(clock.now()).toISOString().replace('T', ' ').replace('Z', '');
    log.write(`${time} - ${level} - ${text}\n`);
  };

  /** One connection, to its end. */
  async function read(): Promise<void> {
    const request = requestStream(options, { lastEventId: '', verify: true });
    const onStop = (): void => void request.destroy();
    stopped.signal.addEventListener('abort', onStop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        request.on('error', reject).on('close', resolve);
        request.on('response', (response) => {
          const parser = new EventStreamParser('');
          response.on('error', reject).on('end', resolve);
          response.on('data', (bytes: Buffer) => parser.push(bytes).forEach(onEvent));
        });
      });
    } finally {
      stopped.signal.removeEventListener('abort', onStop);
      request.destroy();
    }
  }
  async function keepReading(): Promise<void> {
    while (!stopped.signal.aborted) {
      await read().catch((error: Error) => say('ERROR', `Event stream error: ${error.message}`));
      await clock.sleep(restMs, stopped.signal).catch(() => {});
    }
  }
  const ended = keepReading();
  return {
    ended,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await ended;
    },
  };
}
