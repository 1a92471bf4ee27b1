/** What workers and who began the run make of a server that has no room, and of one that keeps no streams. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openNatsEngine } from '../../../harness/queue/nats/nats-engine.ts';
import { insistently } from '../../../harness/scale/worker/insist.ts';
import { systemClock } from '../../../proxy/core/clock.ts';
import { findNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { runCommand } from '../run/command.ts';

const program = await findNatsServer(console.log);
if ('reason' in program) console.log(`skipped: trouble with a NATS server: ${program.reason}`);
const path = 'path' in program ? program.path : undefined;

const manifest = (run: string) => ({ run, kind: 'draw', code: {}, leaseMs: 5_000 });

it.skipIf(path === undefined)('keeps a result until a server that is full has room', async () => {
  await using config = await configOf('jetstream { max_file_store: 4MB }');
  await using server = await startNatsServer(path ?? '', ['-c', config.path]);
  await using engine = await openNatsEngine(server.url, {});
  await engine.open(manifest('large'));
  await engine.open(manifest('mine'));
  await engine.putBlob('large', 'much', new Uint8Array(3 * 2 ** 20));
  const troubles: (string | undefined)[] = [];
  const insist = insistently(systemClock(), new AbortController().signal, (why) => troubles.push(why));
  const keeping = insist(() => engine.putBlob('mine', 'journal', new Uint8Array(2 * 2 ** 20)));
  await expect.poll(() => troubles[0]).toContain('has no room left');
  await engine.remove('large');
  await keeping;

  expect(troubles.at(-1)).toBeUndefined();
  expect(await engine.getBlob('mine', 'journal')).toHaveLength(2 * 2 ** 20);
});

it.skipIf(path === undefined)('says that a server keeps no streams', async () => {
  await using config = await configOf('jetstream: disabled');
  await using server = await startNatsServer(path ?? '', ['-c', config.path], '127.0.0.1', []);
  const { output, code } = await runCommand(['doctor', '--on', server.url]);

  expect(output).toContain('JetStream is not enabled there');
  expect(output).toContain('nats-server -js');
  expect(code).toBe(3);
});

it.skipIf(path === undefined)(
  'shows what a server without workers is, and its runs, and removes one',
  async () => {
    await using server = await startNatsServer(path ?? '');
    await using engine = await openNatsEngine(server.url, {});
    await engine.open(manifest('one'));
    await engine.open(manifest('two'));
    const doctor = await runCommand(['doctor', '--on', server.url]);
    const list = await runCommand(['down', '--on', server.url]);
    const down = await runCommand(['down', 'one', '--on', server.url]);
    const missing = await runCommand(['down', 'one', '--on', server.url]);

    expect(doctor.output).toMatch(/✕ workers +none answers/);
    expect(doctor.code).toBe(3);
    expect(list.output).toMatch(/one\n +two/);
    expect(down.output).toContain('one: removed');
    expect(missing.output).toContain('has no run one');
    expect((await engine.runs()).map(({ run }) => run)).toEqual(['two']);
  },
  60_000,
);

async function configOf(text: string): Promise<{ path: string } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'nats-config-'));
  const file = join(directory, 'nats.conf');
  await writeFile(file, text);
  return {
    path: file,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
