/** Runs of the command in the world `containers`: verdicts, evidence, and what becomes of a run that is disturbed. */
import { once } from 'node:events';
import { glob, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { needEngine } from '../../../harness/worlds/containers/engine.ts';
import { mysqlImage } from '../../../harness/worlds/containers/images.ts';
import { fixture, reportDirectory, runCommand, startCommand } from '../../local/run/command.ts';
import { isOutOfReach } from '../engine.ts';
import { startEngineDouble } from '../engine-double.ts';

const inContainers = ['--world', 'containers', '--seed', '1'];
/** Has faults that the real Toxiproxy makes, on both links. */
const scenario = 'unreachable/one-symptom-three-causes';

/** The containers of the run that this process is the main one of. */
async function containersOf(pid: number | undefined): Promise<string[]> {
  const all = await needEngine().containers('shaketable.owner');
  return all.flatMap(({ labels, name }) => (labels['shaketable.owner']?.startsWith(`${pid}-`) ? [name] : []));
}

/** A run in the middle of its scenario: both tables have a directory, in the run's own temporary one. */
async function startedRun(out: string) {
  const env = { TMPDIR: out };
  const command = startCommand(['run', fixture('never-ends'), ...inContainers, '--out', out], env);
  for (;;) {
    const tables = await Array.fromAsync(glob('shaketable-*/fixtures-never-ends-*', { cwd: out }));
    if (tables.length === 2) return { ...command, env };
    if (command.child.exitCode !== null) throw new Error(command.output());
    await wait(50);
  }
}

describe.skipIf(isOutOfReach)('runs in containers', () => {
  it('gives the same verdict twice at once, with the engine behind each fault', async () => {
    await using first = await reportDirectory();
    await using second = await reportDirectory();
    const runs = [first, second].map(({ path }) =>
      runCommand(['run', scenario, ...inContainers, '--out', path]),
    );

    for (const { code, output } of await Promise.all(runs)) expect(code, output).toBe(0);

    const run = JSON.parse(await readFile(join(first.path, 'latest/run.json'), 'utf8')) as RunResult;
    expect(run).toMatchObject({ world: 'containers', outcome: 'expected' });
    const links = run.scenarios.flatMap(({ faults }) => faults.filter(({ kind }) => kind === 'latency'));
    expect(links.map(({ engine }) => engine)).toEqual(Array(4).fill('toxiproxy'));
  });

  it('leaves nothing in the engine when it gets SIGINT', async () => {
    await using out = await reportDirectory();
    const run = await startedRun(out.path);

    expect(await containersOf(run.child.pid)).not.toEqual([]);
    run.child.kill('SIGINT');
    const { code } = await run.ended;

    expect(code).toBe(130);
    expect(await containersOf(run.child.pid)).toEqual([]);
  });

  it('is cleaned up after by doctor when it was killed, and nothing else is touched', async () => {
    await using out = await reportDirectory();
    const run = await startedRun(out.path);
    const stranger = `stranger-to-${run.child.pid}`;
    await needEngine().createVolume(stranger, { 'somebody.else': 'yes' });

    run.child.kill('SIGKILL');
    await run.ended;
    const abandoned = await containersOf(run.child.pid);
    const { output } = await runCommand(['doctor'], run.env);

    expect(abandoned).not.toEqual([]);
    expect(output).toContain(`left behind: container ${abandoned[0]} (of Docker): removed`);
    expect(await containersOf(run.child.pid)).toEqual([]);
    expect((await needEngine().volumes('somebody.else')).map(({ name }) => name)).toContain(stranger);
    await needEngine().removeVolume(stranger);
  });

  it('ends with 3 and the cause when the engine goes away in the middle', async () => {
    await using out = await reportDirectory();
    await using engine = await startEngineDouble(out.path);
    const env = { TMPDIR: out.path, DOCKER_HOST: engine.address };
    const run = startCommand(['run', scenario, ...inContainers, '--out', out.path], env);
    await run.printed('Shaketable 2');

    engine.stop();
    const { code, output } = await run.ended;
    await runCommand(['doctor'], { TMPDIR: out.path });

    expect(code, output).toBe(3);
    expect(output).toContain('LAB_ENGINE_GONE');
    expect(output).toContain('docker version');
    expect(await containersOf(run.child.pid)).toEqual([]);
  });

  it('ends with 3 and the image when one is missing and cannot be pulled', async () => {
    await using out = await reportDirectory();
    await using engine = await startEngineDouble(out.path, { image: mysqlImage.split(':')[0] ?? '' });
    const env = { DOCKER_HOST: engine.address };

    const { code, output } = await runCommand(['run', scenario, ...inContainers, '--out', out.path], env);
    const automatic = await runCommand(['run', fixture('holds'), '--world', 'auto', '--out', out.path], env);

    expect(code, output).toBe(3);
    expect(output).toContain('LAB_IMAGE_MISSING');
    expect(output).toContain(mysqlImage);
    expect(automatic.output).toContain(`world local: a Docker engine answers, but the image ${mysqlImage}`);
  });

  it.each([
    ['at the start', 'holds', 10],
    ['in the middle', 'fills-the-disk', 110],
  ])('ends with 3 and the cause when the disk of the database is full %s', async (_when, name, room) => {
    await using out = await reportDirectory();
    await using engine = await startEngineDouble(out.path, { room });
    const env = { TMPDIR: out.path, DOCKER_HOST: engine.address };

    const run = startCommand(['run', fixture(name), ...inContainers, '--out', out.path], env);

    const { code, output } = await run.ended;

    expect(code, output).toBe(3);
    expect(output).toMatch(/LAB_DISK_FULL: .*\n(.*\n)*.*No space left on device/i);
    expect(output).toContain('docker system df');
    expect(await containersOf(run.child.pid)).toEqual([]);
  });

  it('ends with 3 and the port when the one that was asked for is taken', async () => {
    await using out = await reportDirectory();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const args = ['up', '--world', 'containers', '--foreground', '--port', String(port)];
    const command = startCommand(args, { TMPDIR: out.path });
    const { code, output } = await command.ended;
    other.close();

    expect(code, output).toBe(3);
    expect(output).toContain('LAB_PORT_TAKEN');
    expect(output).toContain(String(port));
    expect(await containersOf(command.child.pid)).toEqual([]);
  });
});

it('takes the local world and says why when no engine answers', async () => {
  await using out = await reportDirectory();
  const env = { DOCKER_HOST: `unix://${out.path}/nothing.sock` };

  const automatic = await runCommand(['run', fixture('holds'), '--world', 'auto', '--out', out.path], env);
  const wanted = await runCommand(['run', fixture('holds'), ...inContainers, '--out', out.path], env);

  expect(automatic.code).toBe(0);
  expect(automatic.output).toContain('world local: no Docker engine answers');
  expect(wanted.code).toBe(3);
  expect(wanted.output).toContain('LAB_ENGINE_GONE');
});
