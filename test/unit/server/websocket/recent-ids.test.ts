import { expect, it } from 'vitest';
import { createRecentIds } from '../../../../services/server/websocket/recent-ids.ts';

it('knows an id the second time', () => {
  const ids = createRecentIds(10);

  expect(ids.isRepeated('a')).toBe(false);
  expect(ids.isRepeated('a')).toBe(true);
});

it('forgets the oldest id first when it holds too many', () => {
  const ids = createRecentIds(2);
  for (const id of ['a', 'b', 'c']) ids.isRepeated(id);

  expect(ids.isRepeated('b')).toBe(true);
  expect(ids.isRepeated('c')).toBe(true);
  expect(ids.isRepeated('a')).toBe(false);
});
