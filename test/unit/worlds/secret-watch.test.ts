import { expect, it } from 'vitest';
import { Journal } from '../../../harness/journal/journal.ts';
import { createSecretWatch } from '../../../harness/worlds/secret-watch.ts';
import { manualClock } from '../../support/manual-clock.ts';

async function scan(pieces: readonly string[]) {
  const journal = new Journal(manualClock());
  const watch = createSecretWatch(journal);
  watch.plant('token', 'aaaa-bbbb');
  watch.output('agent log', async function* () {
    yield* pieces;
  });
  watch.output('gone', () => Promise.reject(new Error('no such file')));
  await watch.scan();
  return journal.seal();
}

it.each([
  1, 2, 5, 8, 9, 100,
])('finds a secret once however the text is cut, in pieces of %i', async (size) => {
  const text = 'x aaaa-bbbb aaaa-bbb aaaa-bbbbaaaa-bbbb';
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
    text.slice(n * size, (n + 1) * size),
  );

  expect(await scan(pieces)).toMatchObject([
    { output: 'agent log', secret: 'token', hits: 3, bytes: text.length },
    { output: 'gone', hits: 0, bytes: 0 },
  ]);
});

const hidden = (text: string) => [...text].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('');

it.each([
  1, 7, 20, 100,
])('finds a secret whose characters are escaped one by one, in pieces of %i', async (size) => {
  const text = `{"x":"${hidden('aaaa-bbbb')}","y":"aaaa"}`;
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
    text.slice(n * size, (n + 1) * size),
  );

  expect(await scan(pieces)).toMatchObject([{ output: 'agent log', hits: 1 }, { hits: 0 }]);
});
