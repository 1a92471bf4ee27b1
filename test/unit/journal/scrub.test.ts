import { expect, it } from 'vitest';
import { createScrubber } from '../../../harness/journal/scrub.ts';

const secret = 'tok"4711/ßecret?';
const scrubber = createScrubber();
scrubber.plant('token', secret);

const inBase64 = (text: string) => Buffer.from(text).toString('base64');

it.each([
  ['as it is', `Bearer ${secret}`],
  ['in JSON', JSON.stringify({ authorization: secret })],
  ['in a URL', `https://host/?key=${encodeURIComponent(secret)}`],
  ['in hexadecimal', Buffer.from(secret).toString('hex')],
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

it('leaves everything else as it is', () => {
  const entry = { message: 'tok and secret', nested: { list: ['Bearer', 4711, null] } };

  expect(scrubber.scrub(entry)).toEqual(entry);
});
