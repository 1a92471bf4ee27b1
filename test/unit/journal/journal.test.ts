import { expect, it } from 'vitest';
import { Journal } from '../../../harness/journal/journal.ts';
import { valueAt } from '../../../harness/journal/matcher.ts';

const connection = { link: 'a→b', connection: 1 };
const clockAt = (times: number[]) => ({ now: () => times.shift() ?? 0, sleep: async () => {} });

it('puts late records in their place in time and numbers them when it is sealed', () => {
  const journal = new Journal(clockAt([1_000, 1_500]));

  journal.append('proxy', 'connection.open', { ...connection, clientAddress: '127.0.0.1', clientPort: 5 });
  journal.append('server', 'server.log', { level: 'info', message: 'earlier' }, 1_200);

  expect(journal.seal().map(({ n, t, kind }) => [n, t, kind])).toEqual([
    [1, 200, 'server.log'],
    [2, 500, 'connection.open'],
  ]);
});

it('keeps the order of arrival for entries of one moment', () => {
  const journal = new Journal(clockAt([0]));

  for (const id of [1, 2, 3]) journal.append('subject', 'subject.note', { name: 'n', id }, 10);

  expect(journal.seal().map((entry) => valueAt(entry, 'id'))).toEqual([1, 2, 3]);
});

it('finds the nth entry, past or to come', async () => {
  const journal = new Journal(clockAt([]));
  journal.append('subject', 'subject.note', { name: 'strike', id: 1 });

  const first = journal.entry({ kind: 'subject.note', name: 'strike' });
  const third = journal.entry({ kind: 'subject.note', name: 'strike' }, { nth: 3 });
  journal.append('subject', 'subject.note', { name: 'strike', id: 2 });
  journal.append('subject', 'subject.note', { name: 'strike', id: 3 });

  expect(valueAt(await first, 'id')).toBe(1);
  expect(valueAt(await third, 'id')).toBe(3);
});

it('stops waiting when it is told to', async () => {
  const journal = new Journal(clockAt([]));
  const stop = new AbortController();

  const never = journal.entry({ kind: 'subject.note', name: 'strike' }, { signal: stop.signal });
  stop.abort(new Error('over'));

  await expect(never).rejects.toThrow('over');
});

it('appends nothing after it is sealed', () => {
  const journal = new Journal(clockAt([]));
  journal.seal();

  journal.append('subject', 'subject.note', { name: 'late' });

  expect(journal.count({ kind: 'subject.note' })).toBe(0);
});

it('marks planted secrets in every spelling and nesting', () => {
  const journal = new Journal(clockAt([]));
  const secret = 'p@ss/word+1';
  journal.plantSecret('password', secret);

  journal.append('agent', 'agent.log', {
    level: 'info',
    log: 'agent',
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
