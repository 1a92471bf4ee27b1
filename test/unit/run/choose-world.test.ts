import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { chooseWorld } from '../../../harness/run/choose-world.ts';
import { worldNames } from '../../../harness/world-list.ts';
import { loadWorld } from '../../../harness/worlds/load-world.ts';

/** Loaded before the tests, whose time it would take. */
beforeAll(() => Promise.all(worldNames.map(loadWorld)), 60_000);

afterEach(() => vi.unstubAllEnvs());

it('takes local where no engine answers, and says so', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nobody/listens/here.sock');

  const { module, why } = await chooseWorld('auto');

  expect(module.name).toBe('local');
  expect(why).toContain('no Docker engine answers at unix:///nobody/listens/here.sock');
});

it('says nothing of why when the world was asked for', async () => {
  expect(await chooseWorld('local')).not.toHaveProperty('why');
});

it.each([
  ['containers', 'LAB_ENGINE_GONE'],
  ['external', 'LAB_BAD_INPUT'],
] as const)('refuses %s with %s when it cannot be had', async (wanted, code) => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nobody/listens/here.sock');

  await expect(chooseWorld(wanted)).rejects.toMatchObject({ code, hint: expect.any(String) });
});
