import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PairProofs } from '../../../harness/run/pair-proofs.ts';

let room = '';
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
});
afterAll(() => rm(room, { recursive: true }));

it('keeps which pairs held, for the code that was played', async () => {
  const proofs = await PairProofs.open({ shaketable: '1.0.0', code: 'a' }, room);
  expect(proofs.has('unreachable/refused')).toBe(false);
  await proofs.add('unreachable/refused');
  expect(proofs.has('unreachable/refused')).toBe(true);

  expect((await PairProofs.open({ shaketable: '1.0.0', code: 'a' }, room)).has('unreachable/refused')).toBe(
    true,
  );
  expect((await PairProofs.open({ shaketable: '1.0.0', code: 'b' }, room)).has('unreachable/refused')).toBe(
    false,
  );
});

it('forgets what was kept for other code', async () => {
  await (await PairProofs.open({ code: 'old' }, room)).add('a/b');
  await (await PairProofs.open({ code: 'new' }, room)).add('a/b');

  expect(await readdir(room)).toHaveLength(1);
});

it('goes on where nothing can be kept', async () => {
  const proofs = await PairProofs.open({ code: 'a' }, '/dev/null/pairs');
  await proofs.add('a/b');

  expect(proofs.has('a/b')).toBe(true);
});
