import { expect, it } from 'vitest';
import { isCompressed, isRotated, oldestFirst, type RotatedFile } from '../../../harness/probes/rotation.ts';

const file = (name: string, born: bigint | undefined, modified = 0n): RotatedFile => ({
  name,
  born,
  modified,
});

const order = (...files: RotatedFile[]): string[] => oldestFirst(files, 'agent.log').map(({ name }) => name);
/** In the order in which a directory lists them, all born in the same tick. */
const tied = (...names: string[]): string[] => order(...names.map((name) => file(name, 7n)));

it('goes by birth before anything else', () => {
  expect(order(file('agent.log.1', 1n), file('agent.log.2', 2n), file('agent.log', 0n))).toEqual([
    'agent.log',
    'agent.log.1',
    'agent.log.2',
  ]);
});

it('takes the higher number for the older file of one tick, and the log itself for the youngest', () => {
  expect(tied('agent.log', 'agent.log.1', 'agent.log.10', 'agent.log.2')).toEqual([
    'agent.log.10',
    'agent.log.2',
    'agent.log.1',
    'agent.log',
  ]);
});

it('takes the earlier date for the older file of one tick', () => {
  expect(tied('agent.log', 'agent.log.2026-11-02', 'agent.log.2026-10-31', 'agent.log.2026-11-01')).toEqual([
    'agent.log.2026-10-31',
    'agent.log.2026-11-01',
    'agent.log.2026-11-02',
    'agent.log',
  ]);
  expect(tied('agent.log-20261102', 'agent.log-20261101')).toEqual([
    'agent.log-20261101',
    'agent.log-20261102',
  ]);
});

it('counts upwards behind a date and in seconds since the epoch', () => {
  expect(tied('agent.log.2026-11-01.10', 'agent.log.2026-11-01.9', 'agent.log.2026-11-01')).toEqual([
    'agent.log.2026-11-01',
    'agent.log.2026-11-01.9',
    'agent.log.2026-11-01.10',
  ]);
  expect(tied('agent.log.1793664001', 'agent.log.1793664000')).toEqual([
    'agent.log.1793664000',
    'agent.log.1793664001',
  ]);
});

it('goes by the last write where neither birth nor name tells', () => {
  expect(order(file('agent.log.old', 7n, 3n), file('agent.log.older', 7n, 2n))).toEqual([
    'agent.log.older',
    'agent.log.old',
  ]);
});

it('goes by names where the file system keeps no births, for all files or for some', () => {
  expect(order(file('agent.log', undefined), file('agent.log.1', 9n), file('agent.log.2', 10n))).toEqual([
    'agent.log.2',
    'agent.log.1',
    'agent.log',
  ]);
});

it('knows the names that rotation gives', () => {
  const names = [
    'agent.log',
    'agent.log.1',
    'agent.log.2026-11-01',
    'agent.log-20261101',
    'agent.log.1.gz',
    'agent.log.old',
    'agent.logs',
    'agent.log-reader.ts',
    'server.log.1',
  ];

  expect(names.filter((name) => isRotated(name, 'agent.log'))).toEqual(names.slice(1, 6));
  expect(names.filter(isCompressed)).toEqual(['agent.log.1.gz']);
});
