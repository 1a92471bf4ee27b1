import { resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { replayCommand } from '../../../harness/run/replay.ts';
import { type WorldName, worldNames } from '../../../harness/world-list.ts';
import { loadWorld } from '../../../harness/worlds/load-world.ts';
import type { Pace } from '../../../harness/worlds/world-module.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Loaded before the tests, whose time it would take. */
beforeAll(() => Promise.all(worldNames.map(loadWorld)), 60_000);

/** The command for a scenario of the lab that was played in a world. */
async function commandIn(name: WorldName, pace: Pace, facts: unknown = {}): Promise<string> {
  const module = await loadWorld(name);
  return replayCommand('fleet/one', resolve(root, 'scenarios/fleet/one.ts'), {
    seed: 7,
    pace,
    module,
    facts,
    folders: [resolve(root, 'scenarios')],
  });
}

it('names no world for the one that every machine has', async () => {
  expect(await commandIn('local', 'fast')).toBe('npm run lab -- fleet/one --seed 7');
});

it('names the pace where it is not the usual one of the world', async () => {
  expect(await commandIn('local', 'real')).toBe('npm run lab -- fleet/one --seed 7 --pace real');
  expect(await commandIn('external', 'real', { file: 'x.json' })).not.toContain('--pace');
});

it('names the world, with the file that tells of it', async () => {
  expect(await commandIn('containers', 'fast')).toContain(' --world containers');
  expect(await commandIn('external', 'real', { file: '/etc/server.json' })).toContain(
    ' --world external --config /etc/server.json',
  );
});

it('names a file elsewhere by its path, within the project relative to it', async () => {
  const module = await loadWorld('local');
  const options = { seed: 7, pace: 'fast', module, facts: {}, folders: [] } as const;

  expect(replayCommand('mine', '/home/me/mine.ts', options)).toContain('-- /home/me/mine.ts ');
  expect(replayCommand('mine', resolve(root, 'test/mine.ts'), options)).toContain('-- test/mine.ts ');
});
