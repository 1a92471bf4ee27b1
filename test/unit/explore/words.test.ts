import { expect, it } from 'vitest';
import { inWords } from '../../../harness/explore/words.ts';
import type { Entry } from '../../../harness/journal/entry.ts';

const entry = (t: number, kind: string, more: object = {}): Entry =>
  ({ n: 1, t, source: 'lab', kind, ...more }) as unknown as Entry;
const link = 'agent→server';
const entries = [
  entry(100, 'subject.note', { name: 'storm' }),
  entry(1_000, 'tls.client-hello', { link }),
  entry(2_000, 'fault.installed', { fault: 'http-status-1' }),
  entry(5_000, 'tls.client-hello', { link }),
  entry(5_003, 'fault.installed', { fault: 'reset-2' }),
];
const status = { kind: 'http-status', link, atMs: 1_900, forMs: 9_000, params: { status: 401 } };
const reset = { kind: 'reset', link, atMs: 4_903, forMs: 10, params: {} };

it('says what came when, and that both are needed', () => {
  expect(inWords({ faults: [status, reset] }, entries, { minimal: true, stormMs: 60_000 })).toBe(
    'a reset for 10 ms on agent→server 3 ms after the second ClientHello, while there is answers with 401 for 9 s on agent→server 1 s ' +
      'after the first ClientHello; removing either makes it pass',
  );
});

it('says of one that it is the one, and counts from the beginning where nothing came before', () => {
  const early = [entries[0] as Entry, entry(350, 'fault.installed', { fault: 'reset-1' })];
  expect(inWords({ faults: [reset] }, early, { minimal: true, stormMs: 60_000 })).toBe(
    'a reset for 10 ms on agent→server 250 ms after the beginning; without it, it passes',
  );
});

it('says that it takes no fault', () => {
  expect(inWords({ faults: [] }, entries, { minimal: true, stormMs: 60_000 })).toContain('no fault at all');
});
