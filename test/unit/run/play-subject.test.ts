/** Subjects that do not come to an end. */
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Journal } from '../../../harness/journal/journal.ts';
import { readRecording } from '../../../harness/journal/store.ts';
import { clearBoundMs, stopBoundMs, storyBoundMs } from '../../../harness/run/bound.ts';
import { playSubject } from '../../../harness/run/play-subject.ts';
import type { ScenarioDefinition } from '../../../harness/run/scenario.ts';
import type { StartedTable } from '../../../harness/worlds/table-deps.ts';
import type { WorldModule } from '../../../harness/worlds/world-module.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

const never = new Promise<never>(() => {});
afterEach(() => void vi.useRealTimers());

/** Plays a subject that never comes to the end of this part of its run. */
async function playToNoEnd(part: 'play' | 'stopSubjects' | 'close') {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'shaketable-test-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const table: Partial<StartedTable> = {
    table: { subject: 'hardened' } as StartedTable['table'],
    journal: new Journal(systemClock()),
    stopSubjects: async () => {},
    close: async () => [],
    verify: async () => {},
    doubt: () => undefined,
    [part]: () => never,
  };
  const module = { startTable: async () => table } as unknown as WorldModule;
  const definition = {
    id: 'mine/hangs',
    play: part === 'play' ? () => never : async () => {},
    checks: {},
    reported: [],
  } as unknown as ScenarioDefinition;
  const options = {
    seed: 1,
    pace: 'fast',
    directory: directory.path,
    debug: false,
    folders: [],
    world: { name: 'local', facts: undefined },
  } as const;
  const playing = playSubject(definition, module, options, { name: 'hardened', expected: 'pass' });
  // The store has no directory for it yet.
  playing.catch(() => {});
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(directory.path, 'journals'));
  await vi.advanceTimersByTimeAsync(storyBoundMs.fast + stopBoundMs + clearBoundMs);
  const played = await playing;
  const { entries } = await readRecording(join(directory.path, played.journal));
  return { played, entries };
}

it.each([
  ['play', 'story', storyBoundMs.fast, 'the story did not end within 120 s'],
  ['stopSubjects', 'stop', stopBoundMs, 'the table could not be cleared: the stop did not end within 30 s'],
] as const)('fails a subject whose %s never settles', async (what, part, boundMs, error) => {
  const { played, entries } = await playToNoEnd(what);

  expect(played.checks).toMatchObject([{ id: 'standing-ends', outcome: 'fail', evidence: [1] }]);
  expect(played.error).toBe(error);
  expect(entries).toMatchObject([{ kind: 'lab.hung', how: 'waits', part, boundMs }]);
});

it('lays a table that cannot be cleared to nobody’s charge', async () => {
  const { played, entries } = await playToNoEnd('close');

  expect(played.checks).toEqual([]);
  expect(played.error).toBe('the table could not be cleared: it was not done within 60 s');
  expect(entries).toEqual([]);
});
