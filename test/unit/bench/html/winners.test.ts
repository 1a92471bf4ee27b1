import { expect, it } from 'vitest';
import { contestOf } from '../../../../harness/bench/report/html/winners.ts';
import { seededRandom } from '../../../../proxy/core/random.ts';
import { sampleRow } from '../sample-bench.ts';

const contest = (rows: Parameters<typeof contestOf>[0]) =>
  contestOf(rows, { of: 'handshake', threshold: 0.05, random: seededRandom(1) });

it('is the row that beats every other by more than the threshold', () => {
  expect(contest([sampleRow('slow', 20), sampleRow('fast', 10), sampleRow('middle', 15)])).toEqual({
    winner: 'fast',
    undecided: [],
  });
});

it('is nobody where one is not told apart, however small its median', () => {
  expect(contest([sampleRow('a', 10), sampleRow('b', 10.2), sampleRow('c', 30)])).toEqual({
    undecided: ['a', 'b'],
  });
});

it('is nobody after fewer than six rounds', () => {
  const short = (id: string, ms: number) => {
    const row = sampleRow(id, ms);
    const { handshake } = row.times;
    if (!handshake) throw new Error('Expected times');
    return {
      ...row,
      times: { handshake: { ...handshake, roundMedians: handshake.roundMedians.slice(0, 5) } },
    };
  };

  expect(contest([short('a', 10), short('b', 40)])).toEqual({ undecided: ['a', 'b'] });
});

it('leaves out what was not measured, and wins nothing alone', () => {
  const failed = sampleRow('failed', 1, { failures: ['broken'] });
  const doubtful = sampleRow('void', 1, { doubts: ['miscounted'] });

  expect(contest([failed, doubtful, sampleRow('a', 10), sampleRow('b', 20)]).winner).toBe('a');
  expect(contest([failed, sampleRow('a', 10)])).toEqual({ undecided: [] });
  expect(contest([])).toEqual({ undecided: [] });
});
