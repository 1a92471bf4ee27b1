import { expect, it } from 'vitest';
import {
  type ClientSource,
  createClientDirectory,
} from '../../../../services/server/auth/client-directory.ts';
import type { Database } from '../../../../services/server/database.ts';
import type { Client } from '../../../../services/server/store/clients.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const database = {} as Database;
const acme: Client = { id: 'acme', name: 'Acme', isActive: true };

/** A source that holds back each load until the test lets it go on. */
function heldSource() {
  const rows = new Map([['token', acme]]);
  const loads: PromiseWithResolvers<void>[] = [];
  let lookUps = 0;
  const source: ClientSource = {
    async find(_database, token) {
      lookUps += 1;
      return rows.get(token);
    },
    async loadAll() {
      const held = Promise.withResolvers<void>();
      loads.push(held);
      await held.promise;
      return new Map(rows);
    },
  };
  return { source, rows, loads, lookUps: () => lookUps };
}

function directory(cacheRefresh: 'atomic' | 'in_place', cacheTtlMs = 1000) {
  const clock = manualClock();
  const held = heldSource();
  const clients = createClientDirectory(held.source, { cacheTtlMs, cacheRefresh }, clock);
  const find = (token = 'token') => clients.find(database, token);
  async function warm(): Promise<void> {
    const first = find();
    held.loads.shift()?.resolve();
    await first;
  }
  return { ...held, clock, find, warm };
}

it('looks up each token in the source without a time to live', async () => {
  const { find, rows, lookUps } = directory('atomic', 0);

  expect(await find()).toBe(acme);
  rows.delete('token');

  expect(await find()).toBeUndefined();
  expect(lookUps()).toBe(2);
});

it.each(['atomic', 'in_place'] as const)('keeps tokens until they expire (%s)', async (refresh) => {
  const { find, warm, rows, clock, loads } = directory(refresh);
  await warm();
  rows.delete('token');

  await clock.advance(999);
  expect(await find()).toBe(acme);

  await clock.advance(1);
  const renewed = find();
  loads[0]?.resolve();
  expect(await renewed).toBeUndefined();
});

it('refuses a good token while it is renewed in place', async () => {
  const { find, warm, clock, loads } = directory('in_place');
  await warm();
  await clock.advance(1000);

  const first = find();
  const second = await find();
  loads[0]?.resolve();

  expect(second).toBeUndefined();
  expect(await first).toBe(acme);
  expect(await find()).toBe(acme);
});

it('lets all wait for one renewal and find the good token when it is renewed atomically', async () => {
  const { find, warm, clock, loads } = directory('atomic');
  await warm();
  await clock.advance(1000);

  const both = [find(), find()];
  expect(loads).toHaveLength(1);
  loads[0]?.resolve();

  expect(await Promise.all(both)).toEqual([acme, acme]);
});

it.each(['atomic', 'in_place'] as const)('asks again after a renewal that failed (%s)', async (refresh) => {
  const { find, loads } = directory(refresh);

  const failing = find();
  loads.shift()?.reject(new Error('database gone'));
  await expect(failing).rejects.toThrow('database gone');
  const next = find();
  loads.shift()?.resolve();

  expect(await next).toBe(acme);
});
