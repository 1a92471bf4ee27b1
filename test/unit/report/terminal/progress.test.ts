import { expect, it } from 'vitest';
import { createProgress } from '../../../../harness/report/terminal/progress.ts';

it('tells in a log how far it is and how long it will take, ten times at most', () => {
  let now = 0;
  const written: string[] = [];
  const clock = { now: () => now, sleep: async () => {} };
  using progress = createProgress({ stream: { write: (text: string) => written.push(text) }, clock });
  const told = progress.of('handshake');

  for (let done = 0; done < 100; done += 1) {
    told.step(done, 100, 'a row');
    now += 1_000;
  }

  expect(written).toHaveLength(10);
  expect(written[0]).toBe('handshake 0 % · a row\n');
  expect(written[5]).toBe('handshake 50 %, 50.0 s left · a row\n');
});
