import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PairProofs } from '../../../harness/run/pair-proofs.ts';

let room = '';
let file = '';
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  file = join(room, 'refused.ts');
});
afterAll(() => rm(room, { recursive: true }));

const isKept = async (code: string): Promise<boolean> =>
  (await PairProofs.open({ shaketable: '1.0.0', code }, join(room, 'pairs'))).has(file);

it('keeps which pairs held, for the code of the lab and the text of the scenario', async () => {
  await writeFile(file, 'one');
  const proofs = await PairProofs.open({ shaketable: '1.0.0', code: 'a' }, join(room, 'pairs'));
  expect(await proofs.has(file)).toBe(false);
  await proofs.add(file);

  expect(await proofs.has(file)).toBe(true);
  expect(await isKept('a')).toBe(true);
  expect(await isKept('b')).toBe(false);

  await writeFile(file, 'another');
  expect(await isKept('a')).toBe(false);
});

it('goes on where nothing can be kept', async () => {
  const proofs = await PairProofs.open({ code: 'a' }, '/dev/null/pairs');
  await proofs.add(file);

  expect(await proofs.has(file)).toBe(true);
});
