import { expect, it } from 'vitest';
import { Journal } from '../../../harness/journal/journal.ts';

const clockAt = (times: number[]) => ({ now: () => times.shift() ?? 0, sleep: async () => {} });

it('puts late records in their place in time and numbers them when it is sealed', () => {
  const journal = new Journal(clockAt([1_000, 1_500]));

  journal.append('proxy', 'connection.open', { link: 'a' });
  journal.append('server', 'server.log', { message: 'earlier' }, 1_200);

  expect(journal.seal().map(({ n, t, kind }) => [n, t, kind])).toEqual([
    [1, 200, 'server.log'],
    [2, 500, 'connection.open'],
  ]);
});

it('keeps the order of arrival for entries of one moment', () => {
  const journal = new Journal(clockAt([0]));

  for (const id of [1, 2, 3]) journal.append('lab', 'lab.note', { id }, 10);

  expect(journal.seal().map(({ id }) => id)).toEqual([1, 2, 3]);
});

it('finds the nth entry, past or to come', async () => {
  const journal = new Journal(clockAt([]));
  journal.append('lab', 'strike', { id: 1 });

  const first = journal.entry({ kind: 'strike' });
  const third = journal.entry({ kind: 'strike' }, { nth: 3 });
  journal.append('lab', 'strike', { id: 2 });
  journal.append('lab', 'strike', { id: 3 });

  expect((await first).id).toBe(1);
  expect((await third).id).toBe(3);
});

it('stops waiting when it is told to', async () => {
  const journal = new Journal(clockAt([]));
  const stop = new AbortController();

  const never = journal.entry({ kind: 'strike' }, { signal: stop.signal });
  stop.abort(new Error('over'));

  await expect(never).rejects.toThrow('over');
});

it('appends nothing after it is sealed', () => {
  const journal = new Journal(clockAt([]));
  journal.seal();

  journal.append('lab', 'lab.note');

  expect(journal.count({ kind: 'lab.note' })).toBe(0);
});

it('marks planted secrets in every spelling and nesting', () => {
  const journal = new Journal(clockAt([]));
  const secret = 'p@ss/word+1';
  journal.plantSecret('password', secret);

  journal.append('agent', 'agent.log', {
    message: `login with ${secret}`,
    err: {
      url: `https://x/?p=${encodeURIComponent(secret)}`,
      list: [Buffer.from(secret).toString('base64')],
    },
  });

  const text = JSON.stringify(journal.seal());
  expect(text).not.toContain(secret);
  expect(text.split('[planted secret: password]')).toHaveLength(4);
});
