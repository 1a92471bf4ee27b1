import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Turns } from '../../../proxy/api/turns.ts';

it('gives one turn in each of the event loop, in the order asked for', async () => {
  const turns = new Turns();
  const begun: string[] = [];
  for (const name of ['a', 'b', 'c']) void turns.next().then(() => begun.push(name));

  await Promise.resolve();
  const seen = [begun.join('')];
  for (let turn = 0; turn < 3; turn += 1) {
    await setImmediate();
    seen.push(begun.join(''));
  }

  expect(seen).toEqual(['a', 'ab', 'abc', 'abc']);
});

it('gives a turn at once where nobody waits', async () => {
  const turns = new Turns();
  await turns.next();
  await setImmediate();
  let begun = false;
  void turns.next().then(() => {
    begun = true;
  });

  await Promise.resolve();

  expect(begun).toBe(true);
});
