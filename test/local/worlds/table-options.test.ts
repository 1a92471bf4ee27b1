/** What a scenario gives to its table is looked at, since its types are gone when it runs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalTable } from '../../../harness/worlds/local/table.ts';
import type { Table } from '../../../harness/worlds/table.ts';

let started: Awaited<ReturnType<typeof startLocalTable>>;
beforeAll(async () => {
  started = await startLocalTable({
    scenario: 'mine/options',
    subject: 'naive',
    seed: 1,
    pace: 1,
    faults: {},
    database: () => Promise.reject(new Error('There is none')),
  });
});
afterAll(() => started.close());

const note = { kind: 'subject.note' };
const upstream = { host: '127.0.0.1', port: 1 };

it.each<[keyof Table, unknown[], string]>([
  ['until', [note, { withinMS: 5 }], 'table.until: withinMs: it is missing'],
  ['until', [note, { withinMs: -1 }], 'table.until: withinMs: '],
  ['until', [note, { withinMs: 5, nht: 2 }], 'table.until: there is no `nht`; did you mean nth?'],
  ['until', [note, { withinMs: 5, nth: 0 }], 'table.until: nth: '],
  [
    'link',
    ['a→b', upstream, { clinet: 'service' }],
    'table.link: there is no `clinet`; did you mean client?',
  ],
  [
    'link',
    ['a→b', upstream, { client: 'servcie' }],
    'table.link: client: there is no servcie; did you mean service?',
  ],
  ['database', [{ onw: true }], 'table.database: there is no `onw`; did you mean own?'],
  [
    'follow',
    ['agent', '/tmp/mine.log', { clock: 'wal' }],
    'table.follow: clock: there is no wal; did you mean wall?',
  ],
  ['poll', ['rows', 'SELECT 1', 0], 'table.poll: everyMs: '],
  ['sleep', ['5'], 'table.sleep: ms: '],
  ['sleep', [undefined], 'table.sleep: ms: it is missing'],
  ['process', ['curl', { comand: 'curl' }], 'table.process: command: it is missing'],
  ['process', ['curl', { command: 'curl', arg: [] }], 'table.process: there is no `arg`; did you mean args?'],
  ['inject', ['outage'], 'The scenario has no fault called outage'],
])('refuses %s(%j)', async (method, given, said) => {
  const call = started.table[method] as (...args: unknown[]) => unknown;

  await expect(Promise.try(call, ...given)).rejects.toThrow(said);
});
