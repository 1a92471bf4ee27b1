import { expect, it } from 'vitest';
import { explain } from '../../../../services/agent/http/diagnosis.ts';
import {
  classify,
  DeadlineError,
  type Phase,
  UnexpectedAnswerError,
} from '../../../../services/agent/shared/errors.ts';

const url = new URL('https://server.example:5000/base');
const coded = (code: string): Error => Object.assign(new Error(code), { code });
const sentence = (error: Error, phase?: Phase): string => explain(classify(error, phase), url);

it('has a sentence of its own for each way in which a server is out of reach', () => {
  const sentences = [
    sentence(coded('ECONNREFUSED'), 'connect'),
    sentence(new UnexpectedAnswerError('x')),
    sentence(new DeadlineError('connect', 10_000)),
    sentence(coded('ENOTFOUND')),
    sentence(new DeadlineError('tls', 10_000)),
    sentence(new DeadlineError('wait', 10_000)),
    sentence(coded('ECONNRESET'), 'tls'),
    sentence(coded('CERT_HAS_EXPIRED'), 'tls'),
  ];

  expect(new Set(sentences).size).toBe(sentences.length);
});

it('names the host and the port', () => {
  expect(sentence(coded('ECONNREFUSED'))).toBe(
    'Nothing listens at server.example:5000: the server is down, or the address is wrong',
  );
  expect(explain(classify(coded('ECONNREFUSED')), new URL('https://[::1]'))).toContain('::1:443');
});
