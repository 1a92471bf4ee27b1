import { expect, it } from 'vitest';
import {
  clip,
  count,
  oneLine,
  shorten,
  showDuration,
  showValue,
  visible,
  withUnit,
} from '../../../harness/report/text.ts';

it('shows what could drive a terminal or turn a line around', () => {
  expect(visible('a\u001b[31mb\u0000c\u202ed\u007f')).toBe('a␛[31mb␀c\\u202ed␡');
  expect(visible('kept:\ttab\nand line')).toBe('kept:\ttab\nand line');
  expect(oneLine('first\n  second')).toBe('first ⏎ second');
});

it('says how much it leaves out, and never cuts a character in half', () => {
  expect(shorten('abcdef', 4)).toBe('abcd… (+2 characters)');
  expect(shorten('abc😀def', 4)).toBe('abc… (+5 characters)');
  expect(shorten('abcd', 4)).toBe('abcd');
  expect(clip('abcdef', 4)).toBe('abc…');
});

it.each([
  [3, '3 ms'],
  [999.7, '1.0 s'],
  [2_149, '2.1 s'],
  [72_000, '1 min 12 s'],
  [3_599_900, '1 h 0 min'],
])('writes %d ms as %s', (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});

it('writes values as a reader would', () => {
  expect(showValue(null)).toBe('–');
  expect(showValue(0.123_45)).toBe('0.123');
  expect(showValue(12_345)).toBe('12\u202f345');
  expect(showValue(1e21)).toBe('1e+21');
  expect(showValue([1, 'two', false])).toBe('1, two, no');
  expect(showValue({ attempts: 3, delays: [1, 2, 4] })).toBe('attempts: 3 · delays: 1, 2, 4');
});

it('puts short units behind figures and leaves words alone', () => {
  expect(withUnit('50–200', 'ms')).toBe('50–200 ms');
  expect(withUnit('unknown', '%')).toBe('unknown');
  expect(withUnit(12, 'handshakes/min')).toBe('12');
  expect(withUnit(null, '%')).toBe('–');
});

it('counts in words', () => {
  expect([count(1, 'scenario'), count(2, 'journal entry'), count(0, 'check')]).toEqual([
    '1 scenario',
    '2 journal entries',
    '0 checks',
  ]);
});
