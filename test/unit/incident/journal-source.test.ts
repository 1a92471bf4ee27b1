/** A run's journal, read as the log of an incident is. */
import { expect, it } from 'vitest';
import { sourcesOfJournal } from '../../../harness/incident/journal-source.ts';
import { Names } from '../../../harness/names/names.ts';
import { entriesOf } from '../report/fixture-run.ts';

it('has the close frames that the lab sent, whose codes its agents do not log', () => {
  const strike = (reason: string) => ({ fault: 'closed', faultKind: 'websocket_close', link: 'l', reason });
  const entries = entriesOf([
    [1, 'fault', 'fault.installed', { fault: 'closed' }],
    [6, 'proxy', 'fault.strike', strike('close frame 1012')],
    [7, 'agent', 'agent.log', { level: 'warn', message: 'WebSocket not connected' }],
    [12, 'proxy', 'fault.strike', strike('close frame 1012')],
    [13, 'proxy', 'fault.strike', strike('close frame without a code')],
  ]);

  const [agent] = sourcesOfJournal(entries, new Names());

  expect(agent?.events.map(({ kind, detail, t }) => [kind, detail, t])).toEqual([
    ['ws-close', '1012', 6],
    ['not-connected', undefined, 7],
    ['ws-close', '1012', 12],
  ]);
});
