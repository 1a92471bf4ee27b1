import { expect, it } from 'vitest';
import { struckBy } from '../../../../harness/report/html/strikes.ts';
import { entriesOf } from '../fixture-run.ts';

const on = (link: string, connection: number) => ({ link, connection });

it('says of each entry of a struck connection which strike met it', () => {
  const struck = struckBy(
    entriesOf([
      [0, 'proxy', 'connection.open', on('a', 1)],
      [1, 'proxy', 'fault.strike', { fault: 'cut', ...on('a', 1) }],
      [2, 'proxy', 'connection.end', on('a', 1)],
      [3, 'proxy', 'fault.strike', { fault: 'cut', ...on('a', 1) }],
      [4, 'proxy', 'fault.strike', { fault: 'slow', ...on('a', 1) }],
      [5, 'proxy', 'connection.close', on('a', 1)],
    ]),
  );

  expect([...struck]).toEqual([
    [1, [2, 5]],
    [3, [2, 5]],
    [6, [4, 5]],
  ]);
});

it('leaves other connections alone, also those of the same number on another link', () => {
  const struck = struckBy(
    entriesOf([
      [0, 'proxy', 'connection.open', on('a', 1)],
      [1, 'proxy', 'connection.open', on('b', 1)],
      [2, 'proxy', 'connection.open', on('a', 2)],
      [3, 'proxy', 'fault.strike', { fault: 'cut', ...on('a', 1) }],
      [4, 'agent', 'agent.log', { level: 'info', connection: 1 }],
    ]),
  );

  expect([...struck]).toEqual([[1, [4]]]);
});

it('knows of nothing struck by a fault that met no connection', () => {
  expect(
    struckBy(
      entriesOf([
        [0, 'fault', 'fault.strike', { fault: 'name', host: 'db' }],
        [1, 'agent', 'agent.log', { level: 'info' }],
      ]),
    ).size,
  ).toBe(0);
});
