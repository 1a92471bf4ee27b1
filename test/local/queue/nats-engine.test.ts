/** The engine on a NATS server keeps to the contract of engines, and says what is wrong with a server. */
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNatsEngine } from '../../../harness/queue/nats/nats-engine.ts';
import { keepsTheContract } from '../../contract/queue/engine-contract.ts';
import { findNatsServer, type NatsServer, startNatsServer } from '../../support/nats-server.ts';

const program = await findNatsServer(console.log);
if ('reason' in program) console.log(`skipped: the engine on NATS: ${program.reason}`);
const path = 'path' in program ? program.path : undefined;

describe.skipIf(path === undefined)('on a NATS server', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer(path ?? '');
  });
  afterAll(() => server[Symbol.asyncDispose]());

  keepsTheContract(async () => {
    const [owner, worker] = await Promise.all([
      openNatsEngine(server.url, {}),
      openNatsEngine(server.url, {}),
    ]);
    return {
      owner,
      worker,
      [Symbol.asyncDispose]: async () => {
        await owner[Symbol.asyncDispose]();
        await worker[Symbol.asyncDispose]();
      },
    };
  });

  it('goes on where it was when the server was killed and came back', async () => {
    await using engine = await openNatsEngine(server.url, {});
    const run = `killed-${process.pid}`;
    await engine.open({ run, kind: 'sum', code: {}, leaseMs: 1_000 });
    await engine.submit(run, [{ id: 'a1', payload: {} }]);
    const watching = new AbortController();
    const first = async () => {
      for await (const said of engine.watch(run, watching.signal)) return said;
      return undefined;
    };
    // Whoever watches may be told that the server is gone, and looks again.
    const told = first().catch(first);
    const lease = await engine.claim(run, 'w', 5_000);
    await server.kill();
    await server.start();
    if (!lease) throw new Error('No unit came');
    await expect.poll(() => engine.complete(lease, { sum: 3 }).then(() => 'said', String)).toBe('said');

    expect(await told).toMatchObject({ kind: 'result', unit: 'a1', body: { sum: 3 } });
    watching.abort();
    await engine.remove(run);
  });

  it('takes a unit off the queue of a server that forgot whom it gave it to', async () => {
    await using engine = await openNatsEngine(server.url, {});
    const run = `forgotten-${process.pid}`;
    await engine.open({ run, kind: 'sum', code: {}, leaseMs: 60_000 });
    await engine.submit(run, [
      { id: 'a1', payload: {} },
      { id: 'a2', payload: {} },
    ]);
    const lease = await engine.claim(run, 'w', 5_000);
    if (!lease) throw new Error('No unit came');
    await forgetDeliveries(server.url, `SHAKETABLE-${run}-UNITS`);
    await engine.complete(lease, { sum: 3 });

    expect((await engine.claim(run, 'other', 5_000))?.unit.id).toBe('a2');
    expect(await engine.claim(run, 'other', 500)).toBeUndefined();
    await engine.remove(run);
  });
});

/** What a server is like that was killed before it had written what it gave out. */
async function forgetDeliveries(url: string, stream: string): Promise<void> {
  const connection = await connect({ servers: url });
  const { consumers } = await jetstreamManager(connection);
  const { config } = await consumers.info(stream, 'workers');
  await consumers.delete(stream, 'workers');
  await consumers.add(stream, config);
  await connection.close();
}

it.skipIf(path === undefined)('is refused by a server that has other credentials', async () => {
  await using server = await startNatsServer(path ?? '', ['--user', 'lab', '--pass', 'right']);
  const wrong = server.url.replace('//', '//lab:wrong@');

  const error = await openNatsEngine(wrong, {}).then(
    () => undefined,
    (refused: Error) => refused,
  );
  expect(error).toMatchObject({ code: 'LAB_NO_PERMISSION' });
  expect(error?.message).not.toContain('wrong');
  await using engine = await openNatsEngine(server.url.replace('//', '//lab:right@'), {});
  expect(await engine.runs()).toEqual([]);
});

it('says so where nobody listens', async () => {
  await expect(openNatsEngine('nats://127.0.0.1:9', {})).rejects.toMatchObject({ code: 'LAB_QUEUE_GONE' });
});

it.each([
  'nats://queue.example:4222',
  'nats://t0ken@10.0.0.1',
  'tls://10.0.0.1:4222',
])('does not send work to %s, unprotected', async (url) => {
  const error = await openNatsEngine(url, {}).then(
    () => undefined,
    (refused: Error) => refused,
  );
  expect(error).toMatchObject({ code: 'LAB_BAD_INPUT' });
  expect(error?.message).not.toContain('t0ken');
});
