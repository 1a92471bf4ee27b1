import { expect, it } from 'vitest';
import { isWording } from '../../../mutation/drawn/wording.ts';
import { mutantsOf } from './mutants.ts';

it.each([
  ["'The frame is not JSON'", "throw new MessageError('invalid_json', "],
  [`\`attempt \${attempt}/\${attempts} failed, retrying in \${s}s\``, 'const text = '],
  ["'Agent started'", 'this.#log.info('],
  [`\`sent \${type}\``, "log.info({ event: 'ws_sent' }, "],
])('takes %s for wording', (literal, before) => {
  expect(isWording(literal, before)).toBe(true);
});

it.each([
  ["'agent_started'", 'this.#log.info(message, { event: '],
  [`\`Bearer \${token}\``, 'authorization: '],
  ["'UPDATE agents SET status = ? WHERE id = ?'", 'const sql = '],
  ["'invalid_json'", 'throw new MessageError('],
  ["'text/plain; charset=utf-8'", 'const type = '],
  ["'GET'", 'method: '],
  ["''", 'const message = '],
])('does not take %s for wording', (literal, before) => {
  expect(isWording(literal, before)).toBe(false);
});

it('draws no mutant of wording, and counts it', async () => {
  const { mutants, wording } = await mutantsOf("log.info('Agent started', { event: 'agent_started' });");

  expect(mutants.map(({ original }) => original)).not.toContain("'Agent started'");
  expect(mutants.map(({ original }) => original)).toContain("'agent_started'");
  expect(wording).toBe(1);
});
