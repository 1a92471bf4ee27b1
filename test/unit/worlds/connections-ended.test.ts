import { expect, it } from 'vitest';
import { Journal } from '../../../harness/journal/journal.ts';
import { connectionsEnded } from '../../../harness/worlds/connections-ended.ts';
import { manualClock } from '../../support/manual-clock.ts';

const link = 'agent→server';

function opened(...connections: number[]) {
  const clock = manualClock();
  const journal = new Journal(clock);
  for (const connection of connections)
    journal.append('proxy', 'tls.client-hello', {
      ...{ link, connection, alpn: [], offersResumption: false, versions: ['TLSv1.3'] },
    });
  const ended = (connection: number, side: 'client' | 'upstream' = 'client') =>
    journal.append('proxy', 'connection.end', { link, connection, side, how: 'fin' });
  let over = false;
  const watched = () => connectionsEnded(journal, clock, 300).then(() => (over = true));
  return { clock, ended, watched, isOver: () => over };
}

it('resolves at once where each connection was ended by its client', async () => {
  const { ended, watched, clock } = opened(1, 2);
  ended(1);
  ended(2);

  await watched();

  expect(clock.sleepers).toBe(0);
});

it('waits for the last of them', async () => {
  const { ended, watched, clock, isOver } = opened(1, 2);
  const done = watched();

  ended(1);
  ended(2, 'upstream');
  await clock.advance(10);
  expect(isOver()).toBe(false);
  ended(2);
  await done;

  expect(clock.sleepers).toBe(0);
});

it('waits no longer than it may', async () => {
  const { watched, clock, isOver } = opened(1);
  const done = watched();

  await clock.advance(299);
  expect(isOver()).toBe(false);
  await clock.advance(1);
  await done;
});
