/**
 * The engine on a NATS server with JetStream. A run has two streams and a bucket, named after it:
 *
 *   …-UNITS   subjects shaketable.<run>.unit.<unit>: a work queue, each message gone once it is acknowledged
 *   …-TOLD    shaketable.<run>.manifest, then shaketable.<run>.result.<unit> and .failure.<unit> in the order they came
 *   bucket    the blobs
 *
 * shaketable.<run>.say is broadcast. A request is an ordinary one with a time-out, so that a server that was restarted needs
 * nothing set up again.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { isLabError, LabError } from '../../errors.ts';
import type { JsonObject } from '../../journal/fields.ts';
import type { Engine, Lease, RunManifest, Told } from '../engine.ts';
import { noBlob } from '../memory/memory-engine.ts';
import { checkBlob, checkRun, checkUnit } from '../names.ts';
import { readNatsAddress } from './address.ts';
import { connectNats, loadClient } from './connect.ts';
import { isGone, isUnanswered, isWithoutStore, natsError } from './nats-errors.ts';

const prefix = 'SHAKETABLE-';
const unitsOf = (run: string): string => `${prefix}${checkRun(run)}-UNITS`;
const toldOf = (run: string): string => `${prefix}${checkRun(run)}-TOLD`;
const bucketOf = (run: string): string => `${prefix}${checkRun(run)}`;
const consumer = 'workers';

/** Milliseconds for the server to answer. */
const answerMs = 5_000;

/** Milliseconds for a server that is there to answer what it left unanswered. */
const askedAgainMs = 1_000;

/** Milliseconds after which what was said is looked for, even if nothing told of it. */
const lookEveryMs = 1_000;

/** What is left of a run whose beginner died is forgotten after a week, in nanoseconds. */
const keepNs = 7 * 24 * 3_600 * 1e9;

/** Nanoseconds in which a unit that is submitted again is known to be there. */
const knownNs = 24 * 3_600 * 1e9;

/** Publications in flight while units are submitted. */
const submittedAtOnce = 256;

const utf8 = new TextDecoder();
const parse = <T>(bytes: Uint8Array): T => JSON.parse(utf8.decode(bytes)) as T;

/** A lease with what the server needs to know it by. */
interface NatsLease extends Lease {
  readonly reply: string;
}

/** Connects. @throws LabError `LAB_BAD_INPUT`, `LAB_QUEUE_GONE` or `LAB_NO_PERMISSION` */
export async function openNatsEngine(url: string, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const address = await readNatsAddress(url, env);
  const { shown } = address;
  const client = await loadClient();
  const connection = await connectNats(client, address);
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw natsError(error, shown);
    }
  };
  const streams = client.jetstream(connection, { timeout: answerMs });
  const manager = await asked(() => client.jetstreamManager(connection, { timeout: answerMs })).catch(
    async (error) => {
      await connection.close();
      throw error;
    },
  );
  const objects = new client.Objm(streams);
  const manifests = new Map<string, RunManifest>();
  const buckets = new Map<string, ReturnType<typeof objects.open>>();

  const publish = (subject: string, body: unknown, id: string): Promise<unknown> =>
    streams.publish(subject, JSON.stringify(body), { msgID: id });
  /**
   * Says what becomes of a delivery; false if the server does not know it any more. A server that was killed may have forgotten
   * what it gave out, as it writes that later than its messages; it hands the unit out again, and never answers for the old
   * delivery. A request may also be lost with the connection, so silence counts at the second time only.
   */
  const acknowledge = async (lease: Lease, word: '+ACK' | '-NAK' | '+WPI'): Promise<boolean> => {
    for (const timeout of [answerMs, askedAgainMs]) {
      try {
        await connection.request((lease as NatsLease).reply, word, { timeout });
        return true;
      } catch (error) {
        if (!(error instanceof client.TimeoutError)) throw error;
        await manager.streams.info(unitsOf(lease.run));
      }
    }
    return false;
  };
  /** What was asked of a run that may be gone by now, which only shows in that nobody answers. */
  const askedOf = async <T>(run: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isUnanswered(error) && (await manager.streams.info(toldOf(run)).catch(absent)) === undefined)
        throw new LabError('LAB_RUN_NOT_FOUND', `There is no run ${run} on ${shown} any more`, {
          hint: 'Whoever began it has removed it.',
          cause: error,
        });
      throw natsError(error, shown);
    }
  };
  const tell = (kind: Told['kind'], lease: Lease, body: JsonObject): Promise<unknown> => {
    const { run, unit, worker, attempt } = lease;
    const said: Told = { kind, unit: unit.id, worker, attempt, body };
    return publish(`shaketable.${run}.${kind}.${unit.id}`, said, `${kind}.${unit.id}.${worker}.${attempt}`);
  };
  /** How many results and failures were told of a unit. */
  const countTold = async (run: string, unit: string): Promise<{ results: number; failures: number }> => {
    const count = async (kind: Told['kind']): Promise<number> => {
      const subject = `shaketable.${run}.${kind}.${unit}`;
      const { state } = await manager.streams.info(toldOf(run), { subjects_filter: subject });
      return state.subjects?.[subject] ?? 0;
    };
    return { results: await count('result'), failures: await count('failure') };
  };
  const manifestOf = async (run: string): Promise<RunManifest | undefined> => {
    const known = manifests.get(run);
    if (known) return known;
    const query = { last_by_subj: `shaketable.${run}.manifest` };
    const message = await manager.streams.getMessage(toldOf(run), query).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    });
    if (message) manifests.set(run, parse<RunManifest>(message.data));
    return manifests.get(run);
  };
  const bucket = (run: string) => {
    const opened = buckets.get(run) ?? objects.open(bucketOf(run));
    buckets.set(run, opened);
    opened.catch(() => buckets.delete(run));
    return opened;
  };
  /** One message of the queue; undefined when there is none within the time. */
  const pull = async (run: string, waitMs: number) => {
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${unitsOf(run)}.${consumer}`;
    const request = JSON.stringify({ batch: 1, expires: Math.max(1, Math.round(waitMs)) * 1e6 });
    // A unit comes under its own subject, by which the inbox that requests share would not know it.
    const how = { timeout: waitMs + answerMs, noMux: true };
    const message = await connection.request(subject, request, how);
    return message.headers && message.headers.code >= 400 ? undefined : message;
  };

  return {
    address: shown,
    open: (manifest) =>
      asked(async () => {
        const { run, leaseMs } = manifest;
        if (await manager.streams.info(toldOf(run)).catch((error) => absent(error)))
          throw new LabError('LAB_BAD_INPUT', `There is a run ${run} already on ${shown}`, {
            hint: 'Every run has a name of its own.',
          });
        const shared = { storage: client.StorageType.File, max_age: keepNs };
        const units = {
          ...shared,
          name: unitsOf(run),
          subjects: [`shaketable.${run}.unit.*`],
          retention: client.RetentionPolicy.Workqueue,
          duplicate_window: knownNs,
        };
        // Once more: when a server's last stream goes, so does the folder, at any time after it has answered.
        await manager.streams.add(units).catch((error: unknown) => {
          if (isWithoutStore(error)) return manager.streams.add(units);
          throw error;
        });
        await manager.consumers.add(unitsOf(run), {
          durable_name: consumer,
          ack_policy: client.AckPolicy.Explicit,
          ack_wait: leaseMs * 1e6,
          max_deliver: -1,
          max_ack_pending: 20_000,
        });
        await manager.streams.add({
          ...shared,
          name: toldOf(run),
          subjects: ['manifest', 'result.*', 'failure.*'].map((what) => `shaketable.${run}.${what}`),
        });
        await objects.create(bucketOf(run), { storage: client.StorageType.File, ttl: keepNs });
        await publish(`shaketable.${run}.manifest`, manifest, 'manifest');
      }),
    runs: () =>
      asked(async () => {
        const found: RunManifest[] = [];
        for await (const name of manager.streams.names()) {
          const run = /^SHAKETABLE-(.+)-TOLD$/.exec(name)?.[1];
          const manifest = run === undefined ? undefined : await manifestOf(run);
          if (manifest) found.push(manifest);
        }
        return found;
      }),
    submit: (run, units) =>
      asked(async () => {
        for (let from = 0; from < units.length; from += submittedAtOnce) {
          const some = units.slice(from, from + submittedAtOnce);
          await Promise.all(
            some.map((unit) =>
              publish(`shaketable.${run}.unit.${checkUnit(unit.id)}`, unit, `unit.${unit.id}`),
            ),
          );
        }
      }),
    claim: (run, worker, waitMs, signal) =>
      asked(async () => {
        const endMs = performance.now() + waitMs;
        for (;;) {
          const restMs = endMs - performance.now();
          if (signal?.aborted || restMs <= 0) return undefined;
          const message = await pull(run, restMs).catch((error: unknown) => noResponder(error));
          if (message === 'gone') {
            manifests.delete(run);
            return undefined;
          }
          if (message?.reply === undefined) continue;
          const attempt = attemptIn(message.reply);
          const unit = parse<Lease['unit']>(message.data);
          const told = attempt === 1 ? { results: 0, failures: 0 } : await countTold(run, unit.id);
          const lease: NatsLease = {
            run,
            unit,
            worker,
            attempt,
            failures: told.failures,
            reply: message.reply,
          };
          // Whoever was first said so, and died before the unit was taken off the queue.
          if (told.results > 0) await acknowledge(lease, '+ACK');
          else if (signal?.aborted) await acknowledge(lease, '-NAK');
          else return lease;
        }
      }),
    extend: (lease) =>
      askedOf(lease.run, () => acknowledge(lease, '+WPI')).catch((error: unknown) => {
        if (isLabError(error, 'LAB_RUN_NOT_FOUND')) return false;
        throw error;
      }),
    complete: (lease, body) =>
      askedOf(lease.run, async () => {
        await tell('result', lease, body);
        if (await acknowledge(lease, '+ACK')) return;
        const filter = `shaketable.${lease.run}.unit.${lease.unit.id}`;
        await manager.streams.purge(unitsOf(lease.run), { filter });
      }),
    fail: (lease, reason) =>
      askedOf(lease.run, async () => {
        if (reason !== undefined) await tell('failure', lease, { reason });
        await acknowledge(lease, '-NAK');
      }),
    async *watch(run, signal) {
      const news = connection.subscribe(`shaketable.${run}.*.*`);
      const stop = (): void => news.unsubscribe();
      signal.addEventListener('abort', stop, { once: true });
      let change = Promise.withResolvers<void>();
      void (async () => {
        for await (const _message of news) change.resolve();
        change.resolve();
      })();
      try {
        // The manifest comes first.
        for (let seq = 2; !signal.aborted; ) {
          const message = await asked(() => messageAt(run, seq));
          if (message) {
            seq += 1;
            yield parse<Told>(message.data);
            continue;
          }
          await Promise.race([change.promise, wait(lookEveryMs, undefined, { signal }).catch(() => {})]);
          change = Promise.withResolvers();
        }
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
    },
    putBlob: (run, name, bytes) =>
      asked(async () => {
        const store = await bucket(run);
        await store.putBlob({ name: checkBlob(name) }, bytes);
      }),
    getBlob: (run, name) =>
      asked(async () => {
        const store = await bucket(run);
        const bytes = await store.getBlob(checkBlob(name));
        if (bytes) return bytes;
        throw noBlob(run, name);
      }),
    broadcast: async (run, message) => {
      if (!connection.isClosed())
        connection.publish(`shaketable.${checkRun(run)}.say`, JSON.stringify(message));
    },
    async *listen(run, signal) {
      const messages = connection.subscribe(`shaketable.${checkRun(run)}.say`);
      const stop = (): void => messages.unsubscribe();
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const { data } of messages) yield parse<JsonObject>(data);
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
    },
    remove: (run) =>
      asked(async () => {
        manifests.delete(run);
        buckets.delete(run);
        // The manifest goes last: what is left of an interrupted removal can be removed by its name.
        for (const stream of [unitsOf(run), `OBJ_${bucketOf(run)}`, toldOf(run)])
          await manager.streams.delete(stream).catch((error) => absent(error));
      }),
    [Symbol.asyncDispose]: () => connection.close(),
  };

  async function messageAt(run: string, seq: number) {
    return await manager.streams.getMessage(toldOf(run), { seq }).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    });
  }
}

/** Undefined for what is not there. */
function absent(error: unknown): undefined {
  if (isGone(error)) return undefined;
  throw error;
}

/** Nobody answers for a queue that is gone. */
function noResponder(error: unknown): 'gone' {
  if (isUnanswered(error)) return 'gone';
  throw error;
}

/** `$JS.ACK.<stream>.<consumer>.<attempt>.…`, or the longer form with domain and account in front. */
function attemptIn(reply: string): number {
  const parts = reply.split('.');
  return Number(parts[parts.length >= 11 ? 6 : 4]);
}
