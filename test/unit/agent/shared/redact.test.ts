import { expect, it } from 'vitest';
import { createRedactor, previewToken } from '../../../../services/agent/shared/redact.ts';
import fc from '../../../support/fast-check.ts';

const token = 'abc12345-6789-def0/xyz+qwe"rty-xyz9';
const redactor = createRedactor([token]);
const around = fc.string({ maxLength: 7 });

it('removes a secret by value, plain, escaped, URL-encoded and in hexadecimal', () => {
  for (const form of [
    token,
    JSON.stringify(token),
    encodeURIComponent(token),
    Buffer.from(token).toString('hex'),
  ]) {
    const text = redactor.text(`x=${form};`);

    expect(text).toContain('[redacted]');
    expect(text).not.toContain(form);
  }
});

it('removes a secret from base64 at every alignment', () => {
  fc.assert(
    fc.property(around, around, (before, after) => {
      const encoded = Buffer.from(`${before}${token}${after}`).toString('base64');
      const left = Buffer.from(redactor.text(encoded).split('[redacted]').join('='), 'base64').toString();

      expect(redactor.text(encoded)).toContain('[redacted]');
      expect(left).not.toContain('12345-6789');
    }),
  );
});

it('recognises credentials it was not told about', () => {
  expect(redactor.text('Authorization: Bearer eyJhbGci.x.y, next')).toBe(
    'Authorization: Bearer [redacted], next',
  );
  expect(redactor.text('mysql://spot:hunter2@db:3306/x')).toBe('mysql://spot:[redacted]@db:3306/x');
  expect(redactor.text('GET /x?token=t0k3n&y=1')).toBe('GET /x?token=[redacted]&y=1');
});

it('knows the keys that hold secrets, and the preview that does not', () => {
  for (const key of ['authorization', 'Client_Token', 'dbPassword', 'set-cookie', 'apiKey']) {
    expect(redactor.hidesKey(key)).toBe(true);
  }
  expect(redactor.hidesKey('tokenPreview')).toBe(false);
  expect(redactor.hidesKey('url')).toBe(false);
});

it('shows of a token the first eight and the last four characters, of a short one nothing', () => {
  expect(previewToken('abc12345-0000-0000-xyz9')).toBe('abc12345...xyz9');
  expect(previewToken('short-token')).toBe('***');
  expect(previewToken('')).toBe('(not set)');
});
