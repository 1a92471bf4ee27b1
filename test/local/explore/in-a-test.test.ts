/** `explore` from within a test, as docs/exploring.md shows it. */
import 'shaketable/simulated';
import { explore, noMissing } from 'shaketable';
import { expect, it } from 'vitest';
import outbox from '../../../docs/examples/explore-outbox.ts';

it('fails the test with the minimum, and with how to see it again', async () => {
  const found = await explore(outbox, { budget: { seeds: 40 } }).then(
    () => undefined,
    (error: Error) => error,
  );

  expect(found?.name).toBe('ExplorationFailed');
  expect(found?.message).toMatch(/✗ nothing-doubled {3}seed \d+/);
  expect(found?.message).toContain('without it, it passes');
});

it('passes, and says what it reached, where nothing is to be found', async () => {
  const only = noMissing('every event arrives', {
    of: { kind: 'subject.note', name: 'received' },
    field: 'event',
  });
  const { tally } = await explore({ ...outbox, invariants: { only } }, { budget: { seeds: 15 } });

  expect(tally.runs).toBe(15);
  expect(tally.reached.get('a connection that ends')).toBeGreaterThan(0);
});

it('is inconclusive where a mark was never reached', async () => {
  const sometimes = { 'a process that ends': { kind: 'process.exit' } } as const;
  const work = explore({ ...outbox, invariants: {}, sometimes }, { budget: { seeds: 2 } });

  await expect(work).rejects.toThrow('no schedule reached “a process that ends”');
});
