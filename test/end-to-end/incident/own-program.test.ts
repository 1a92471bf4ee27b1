/** A program of the user’s own takes the part of the lab’s agent, and its log is held against the incident’s. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const root = join(import.meta.dirname, '../../..');

it('plays what was found under the command behind --', { timeout: 300_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  await using out = await reportDirectory();
  try {
    const log = join(directory, 'agent.log');
    const lines = Array.from(
      { length: 8 },
      (_, n) =>
        `2026-03-01 10:00:${String(n * 5).padStart(2, '0')},100 ERROR agent: report failed: connect ECONNREFUSED 192.0.2.7:443`,
    );
    await writeFile(log, lines.join('\n'));

    const { output } = await runCommand([
      'reproduce',
      log,
      '--seed',
      '1',
      '--out',
      out.path,
      '--subject',
      join(root, 'examples/node/before.json'),
    ]);

    const { incidents } = JSON.parse(await readFile(join(out.path, 'latest', 'incident.json'), 'utf8'));
    const [{ compared, programs, signatures }] = incidents;
    expect(signatures[0].id, output).toBe('port-closed');
    expect(programs.map(({ name }: { name: string }) => name)).toEqual(['node-before']);
    // How often it tries is its own affair; what goes wrong is the incident’s.
    expect(compared, output).toContainEqual(expect.objectContaining({ id: 'shows refused', agrees: true }));
    const file = await readFile(join(out.path, 'latest', 'scenarios/incident/port-closed.ts'), 'utf8');
    expect(file).toContain('anySubject: anyIncident(plan)');
    const page = await readFile(join(out.path, 'latest', 'incident.html'), 'utf8');
    expect(page).toMatch(/aria-label="incident: 8 failures, \d+ answers; node-before: \d+ failures/);
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('says which incidents only the lab’s own programs can play', { timeout: 120_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  await using out = await reportDirectory();
  try {
    const log = join(directory, 'agent.log');
    const lines = [0, 1, 2, 3].map(
      (n) => `2026-03-01 10:00:0${n},100 ERROR sync failed: ER_LOCK_DEADLOCK: Deadlock found`,
    );
    await writeFile(log, lines.join('\n'));
    const { code, output } = await runCommand([
      'reproduce',
      log,
      '--out',
      out.path,
      '--',
      'node',
      '--version',
    ]);
    expect(code, output).toBe(64);
    expect(output).toContain('database-deadlock');
    expect(output).toContain('Leave the program out');
  } finally {
    await rm(directory, { recursive: true });
  }
});
