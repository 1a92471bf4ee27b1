/** The table of log formats in docs/log-formats.md, made from the recognisers. */
import type { Recogniser } from '../../harness/logs/recogniser.ts';
import { recognisers, wrappers } from '../../harness/logs/recognisers/index.ts';

export function logFormatTable(): string {
  const formats = recognisers.filter(({ fallback }) => fallback !== true);
  return [
    '| format | written by | a line of it |',
    '| --- | --- | --- |',
    ...formats.toSorted(byId).map(row),
    '| **What lines of others are wrapped in** | | |',
    ...wrappers.toSorted(byId).map(row),
    '| **Shapes, where no format reads the line** | | |',
    ...recognisers.filter(({ fallback }) => fallback === true).map(row),
  ].join('\n');
}

const byId = (a: Recogniser, b: Recogniser): number => a.id.localeCompare(b.id);

function row({ id, writtenBy, samples }: Recogniser): string {
  const [line = ''] = samples[0]?.lines.split('\n') ?? [];
  return `| \`${id}\` | ${writtenBy} | ${code(line)} |`;
}

/** Code in a cell: tabs are shown, and a bar would end the cell. */
function code(line: string): string {
  const short = line.length > 110 ? `${line.slice(0, 109)}…` : line;
  const shown = short.replaceAll('\t', '⇥').replaceAll('|', '\\|');
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}
