/**
 * Writes what the programs logged while somebody played by hand as a ticket: what was done, and the logs, as `shaketable reproduce`
 * reads them. What the journal scrubs is not in it, nor are names of hosts, people and secrets.
 */
import type { Entry } from '../../journal/entry.ts';
import { recordLine } from '../../journal/record-line.ts';
import { Names } from '../../names/names.ts';
import type { Deed } from '../recorder.ts';

/** What the ticket says. */
export interface IncidentFile {
  readonly title: string;
  readonly deeds: readonly Deed[];
  readonly entries: readonly Entry[];
  /** When the `t` of entries is 0, epoch ms. */
  readonly startedAt: number;
}

/** The text of the ticket; undefined when no program logged anything. */
export function incidentText({ title, deeds, entries, startedAt }: IncidentFile): string | undefined {
  const names = new Names();
  const logs = [
    ['Agent', entries.filter((entry) => entry.kind === 'agent.log')],
    ['Server', entries.filter((entry) => entry.kind === 'server.log')],
  ] as const;
  const pasted = logs
    .filter(([, records]) => records.length > 0)
    .map(([who, records]) => [
      `${who} log:`,
      ...records.map((record) => recordLine(names.replaceIn(record), startedAt)),
    ]);
  if (pasted.length === 0) return undefined;
  return [
    `# ${oneLineOf(names.replace(title))}`,
    '',
    'Played by hand:',
    '',
    ...deeds.map((deed) => `- ${timeOf(deed.at)} ${oneLineOf(names.replace(deedText(deed)))}`),
    '',
    '## Logs',
    '',
    '```',
    ...pasted.flat(),
    '```',
    '',
  ].join('\n');
}

/** What was done, in words. */
export function deedText(deed: Deed): string {
  switch (deed.did) {
    case 'add':
      return `${deed.toxic.name} (${deed.toxic.type}) on ${deed.link}`;
    case 'change':
      return `${deed.toxic.name} on ${deed.link} changed`;
    case 'remove':
      return `${deed.name} lifted from ${deed.link}`;
    case 'switch':
      return `${deed.link} ${deed.enabled ? 'up' : 'down'}`;
    case 'start':
      return `${deed.program.name} started`;
    default:
      return `${deed.program.name} stopped`;
  }
}

const timeOf = (at: number): string => new Date(at).toISOString();

/** Nothing that could begin a heading, a fence or a line of its own. */
const oneLineOf = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029`]+/gu, ' ').trim();
