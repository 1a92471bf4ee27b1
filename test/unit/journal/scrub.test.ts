import { expect, it } from 'vitest';
import { createScrubber } from '../../../harness/journal/scrub.ts';

const secret = 'tok"4711/ßecret?';
const scrubber = createScrubber();
scrubber.plant('token', secret);

const percentEncoded = (text: string) => `%${Buffer.from(text).toString('hex').match(/../g)?.join('%')}`;
const inBase64 = (text: string) => Buffer.from(text).toString('base64');

it.each([
  ['as it is', `Bearer ${secret}`],
  ['in JSON', JSON.stringify({ authorization: secret })],
  ['in a URL', `https://host/?key=${encodeURIComponent(secret)}`],
  ['in hexadecimal', Buffer.from(secret).toString('hex')],
  ['in hexadecimal, in capitals', Buffer.from(secret).toString('hex').toUpperCase()],
  [
    'in hexadecimal, byte by byte',
    Buffer.from(secret)
      .toString('hex')
      .replace(/..(?!$)/g, '$& '),
  ],
  ['in decimal numbers', JSON.stringify([...Buffer.from(secret)])],
  ['with each byte percent-encoded', `?key=${percentEncoded(secret)}`],
  [
    'percent-encoded twice, in small letters',
    `?key=${encodeURIComponent(percentEncoded(secret)).toLowerCase()}`,
  ],
  ['with escapes of JSON where none is needed', 'tok\\u0022\\u0034711\\/ßecret\\u003F'],
  ['in base64', inBase64(secret)],
  ['in base64url', Buffer.from(secret).toString('base64url')],
  ['in base64 behind one character', inBase64(`x${secret}`)],
  ['in base64 behind two', inBase64(`xy${secret}`)],
  ['in base64 between user and realm', `Basic ${inBase64(`user:${secret}@realm`)}`],
])('marks a planted secret %s', (_where, text) => {
  const { message } = scrubber.scrub({ message: text });

  expect(message).toContain('[planted secret: token]');
  expect(message).not.toContain(secret);
});

it('marks a planted secret in the name of a field', () => {
  expect(scrubber.scrub({ [secret]: 1 })).toEqual({ '[planted secret: token]': 1 });
});

it('leaves everything else as it is', () => {
  const entry = {
    message: 'tok and secret',
    nested: { list: ['Bearer', 4711, null], path: 'C:\\\\x41 100%25' },
  };

  expect(scrubber.scrub(entry)).toEqual(entry);
});
