/** What every world's module keeps to, whatever it is made of. Nothing is started. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownWorlds, sharedWorlds, wantedWorlds, worldNames } from '../../harness/world-list.ts';
import { loadWorld } from '../../harness/worlds/load-world.ts';

/** Loaded before the tests, whose time it would take. */
beforeAll(() => Promise.all(worldNames.map(loadWorld)), 60_000);

/** Enough for every world's flags: the file of a server is a part of what leads there. */
const facts = { file: '/tmp/server.json' };

describe.each(worldNames)('the world %s', (name) => {
  it('is the module in the folder of its name', async () => {
    expect((await loadWorld(name)).name).toBe(name);
  });

  it('can be asked for', () => {
    expect(wantedWorlds).toContain(name);
  });

  it('plays at each of its paces once', async () => {
    const { paces } = await loadWorld(name);

    expect(paces.length).toBeGreaterThan(0);
    expect(new Set(paces).size).toBe(paces.length);
  });

  it.each([1, 2, 64])('plays at least one scenario at a time with %i cores', async (cores) => {
    const { usualWorkers, mostWorkers = Number.POSITIVE_INFINITY } = await loadWorld(name);

    expect(usualWorkers(cores)).toBeGreaterThanOrEqual(1);
    expect(usualWorkers(cores)).toBeLessThanOrEqual(mostWorkers);
  });

  it('leads back to itself by its flags, or needs none because any machine has it', async () => {
    const { replayFlags, findAtOnce } = await loadWorld(name);
    const flags = replayFlags(facts);

    if (flags.length > 0) expect(flags.join(' ')).toContain(`--world ${name}`);
    else expect(await findAtOnce?.()).toHaveProperty('startShared');
  });
});

it.each(
  sharedWorlds,
)('plays one subject of one scenario at a time on the server that %s shares', async (name) => {
  expect(await loadWorld(name)).toMatchObject({ subjects: 'in turn', mostWorkers: 1 });
});

it('gives each table a server of its own, or shares one', () => {
  expect([...ownWorlds, ...sharedWorlds].toSorted()).toEqual(worldNames.toSorted());
});

it('has no world in a folder that the list does not name', async () => {
  const entries = await readdir(join(import.meta.dirname, '../../harness/worlds'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);

  expect(folders.toSorted()).toEqual(worldNames.toSorted());
});
