/**
 * A reporter over HTTP/2 as it is written first: whatever goes wrong, it repeats the request at once, up to ten times, as
 * an operation of its own each time, and drops the report after that. Kept as it is: it is the subject that has to fail.
 */
import { Http2Connection } from './connection.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

const mostAttempts = 10;

/** A reporter with the usual omissions; the shape is that of the hardened one. */
export function startNaiveReporter(options: ReporterOptions): Reporter {
  const { clock, random, log, intervalMs } = options;
  const stopped = new AbortController();
  let connection: Http2Connection | undefined;

  const say = (level: string, text: string): void => {
    const time = new Date(clock.now()).toISOString().replace('T', ' ').replace('Z', '');
    log.write(`${time} - ${level} - ${text}\n`);
  };
  async function report(sequence: number): Promise<void> {
    for (let attempt = 1; attempt <= mostAttempts && !stopped.signal.aborted; attempt += 1) {
      try {
        if (!connection?.open) connection = new Http2Connection(options);
        await connection.post({ sequence, idempotencyKey: `${random.next()}` });
        return;
      } catch (error) {
        say('ERROR', `Report ${sequence}: ${(error as Error).message}`);
      }
    }
  }
  const run = async (): Promise<void> => {
    for (let sequence = 1; !stopped.signal.aborted; sequence += 1) {
      await report(sequence);
      await clock.sleep(intervalMs, stopped.signal).catch(() => {});
    }
  };
  const ended = run();
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort();
      connection?.destroy();
      await ended;
    },
  };
}
