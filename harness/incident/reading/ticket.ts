/**
 * What a ticket holds: a text with headings in which logs are pasted between fences. Each heading with such a block is an excerpt of its
 * own; source code, shell commands and queries are none. A plain log is one excerpt.
 */
import type { Side } from '../event.ts';
import type { FileLine } from './lines.ts';

/** A log of an excerpt. */
export interface PastedLog {
  readonly label: string;
  readonly side?: Side;
  readonly lines: readonly FileLine[];
}

/** Logs that belong together. */
export interface Excerpt {
  readonly title: string;
  readonly logs: readonly PastedLog[];
}

/** Languages of fences that are no logs. */
const code =
  /^(?:python|py|js|javascript|ts|typescript|jsx|tsx|bash|sh|shell|console|zsh|powershell|sql|java|kotlin|go|golang|rust|ruby|rb|php|c|cpp|csharp|cs|yaml|yml|toml|ini|xml|html|css|dockerfile|diff|hcl|nginx|mermaid|makefile|journal)\b/i;
const label =
  /^\s*(?:\*\*)?((?:[\w-]+ ){0,3}?(agent|client|server|backend|proxy|device|worker|app)(?:[ '’]s)?(?: \w+)?) logs?(?:\*\*)?\s*:\s*(?:\*\*)?\s*$/i;
const serverWords = /server|backend/i;

/** Whether a text is a ticket rather than a log: it has fences. */
export const isTicket = (head: string): boolean =>
  /^(?:```|~~~)/m.test(head) && /^(?:#{1,6} |(?:```|~~~)\s*$)/m.test(head);

/** The excerpts of a ticket, in their order. */
export function excerptsOf(lines: Iterable<FileLine>): Excerpt[] {
  const excerpts: Excerpt[] = [];
  const titles: string[] = [];
  let fence: { readonly mark: string; readonly isLog: boolean; readonly lines: FileLine[] } | undefined;
  for (const line of lines) {
    const [, mark, language = ''] = /^\s*(```+|~~~+)\s*(\S*)/.exec(line.text) ?? [];
    if (fence !== undefined && mark !== undefined && language === '' && mark.startsWith(fence.mark)) {
      if (fence.isLog) addBlock(excerpts, titleOf(titles), fence.lines);
      fence = undefined;
    } else if (fence !== undefined) fence.lines.push(line);
    else if (mark !== undefined) fence = { mark, isLog: !code.test(language), lines: [] };
    else {
      const [, hashes, heading] = /^(#{1,6})\s+(.{1,120})/.exec(line.text) ?? [];
      if (hashes === undefined) continue;
      titles.length = Math.min(titles.length, hashes.length - 1);
      titles[hashes.length - 1] = plain(heading ?? '');
    }
  }
  if (fence?.isLog) addBlock(excerpts, titleOf(titles), fence.lines);
  return excerpts;
}

/** The heading with the one above it. */
const titleOf = (titles: readonly string[]): string =>
  titles
    .filter((title) => title !== undefined && title !== '')
    .slice(-2)
    .join(' · ');

const plain = (heading: string): string => heading.replace(/[*_`#]/g, '').trim();

function addBlock(excerpts: Excerpt[], title: string, lines: readonly FileLine[]): void {
  const logs = splitByLabel(lines).filter((log) => log.lines.some(({ text }) => text.trim() !== ''));
  if (logs.length === 0) return;
  const same = excerpts.filter((excerpt) => excerpt.title.replace(/ \(\d+\)$/, '') === title).length;
  excerpts.push({ title: same === 0 ? title : `${title} (${same + 1})`, logs });
}

/** A block may hold the logs of several, each below a line that says whose it is. */
function splitByLabel(lines: readonly FileLine[]): PastedLog[] {
  const logs: { label: string; side?: Side; lines: FileLine[] }[] = [{ label: 'log', lines: [] }];
  for (const line of lines) {
    const [, whose, role = ''] = label.exec(line.text) ?? [];
    if (whose !== undefined)
      logs.push({
        label: `${role.toLowerCase()} log`,
        side: serverWords.test(whose) ? 'server' : 'client',
        lines: [],
      });
    else logs.at(-1)?.lines.push(line);
  }
  return logs;
}
