/** How long busy connections wait while clients are taken in; each `setImmediate` is a turn of the event loop. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { clientAdmitted, mayReadOn } from '../../../proxy/engine/reading-turns.ts';

class Reader {
  reads = 0;
  readOn(): void {
    this.reads += 1;
  }
}

it('lets busy connections read on while no client comes', () => {
  expect(mayReadOn(new Reader())).toBe(true);
});

it('lets them wait from a client until a turn passes in which none comes', async () => {
  const reader = new Reader();
  clientAdmitted();
  expect(mayReadOn(reader)).toBe(false);
  for (let clients = 0; clients < 3; clients += 1) {
    clientAdmitted();
    await setImmediate();
    expect(reader.reads).toBe(0);
  }

  await setImmediate();

  expect(reader.reads).toBe(1);
  expect(mayReadOn(reader)).toBe(true);
});

it('lets them read now and then while clients never end', async () => {
  const reader = new Reader();
  clientAdmitted();
  mayReadOn(reader);
  for (let turns = 0; turns < 10 && reader.reads === 0; turns += 1) {
    clientAdmitted();
    await setImmediate();
  }

  expect(reader.reads).toBe(1);
});
