import { expect, it } from 'vitest';
import { previewToken, readBearerToken } from '../../../../services/server/auth/token.ts';

it('shows of a token its first eight and last four characters', () => {
  expect(previewToken('abc12345-0000-1111-2222-33334444xyz9')).toBe('abc12345...xyz9');
});

it('shows nothing of a token that the preview would give away', () => {
  expect(previewToken('short-secret-token')).toBe('***');
});

it.each([
  ['Bearer abc', 'abc'],
  ['bearer abc==', 'abc=='],
  ['BEARER  a.b-c_d~e+f/g', 'a.b-c_d~e+f/g'],
])('reads the token of %j', (header, token) => {
  expect(readBearerToken(header)).toBe(token);
});

it.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Basic abc',
  'Bearer a b',
  "Bearer ' OR 1=1",
  `Bearer ${'x'.repeat(300)}`,
])('finds no token in %j', (header) => {
  expect(readBearerToken(header)).toBeUndefined();
});
