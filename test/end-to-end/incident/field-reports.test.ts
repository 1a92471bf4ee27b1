/** The excerpts of the four field reports, from the ticket to the proof that what is played is the same incident. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const ticket = (name: string): string => join(import.meta.dirname, 'tickets', `${name}.md`);

interface Outcome {
  readonly title: string;
  readonly verdict?: string;
  readonly signatures: readonly { readonly id: string }[];
}

it('finds the pattern of every excerpt again, and none where there is none', {
  timeout: 600_000,
}, async () => {
  await using out = await reportDirectory();
  const tickets = ['fleet-resets', 'unreachable', 'noise-and-leaks', 'silent-socket'].map(ticket);

  const { code, output } = await runCommand(['reproduce', ...tickets, '--seed', '1', '--out', out.path]);

  const { incidents } = JSON.parse(await readFile(join(out.path, 'latest', 'incident.json'), 'utf8')) as {
    incidents: readonly Outcome[];
  };
  const found = incidents.map(({ title, verdict, signatures }) => [
    title.split(' · ').at(-1),
    signatures[0]?.id ?? 'no pattern',
    verdict,
  ]);
  expect(found, output).toEqual([
    ['Several requests a cycle', 'answer-lost', 'same pattern'],
    ['Before the fix', 'answer-lost', 'same pattern'],
    ['After the fix', 'no pattern', undefined],
    ['401 beside 200', 'mixed-answers', 'same pattern'],
    ['Refused', 'port-closed', 'same pattern'],
    ['Invalid token', 'token-refused', 'same pattern'],
    ['Account not active', 'account-disabled', 'same pattern'],
    ['Agent not found', 'agent-unknown', 'same pattern'],
    ['Time-out', 'answers-late', 'same pattern'],
    ['Start-up check', 'no pattern', undefined],
    ['Refused, with its time', 'port-closed', 'same pattern'],
    ['Sync tasks retry, and the log does not say why', 'unnamed-outage', 'same pattern'],
    ['Messages to a user vanish', 'silent-socket', 'same pattern'],
  ]);
  expect(code).toBe(0);
  expect(output).not.toMatch(/105945141827451681156|abc12345|server-url/);
});
