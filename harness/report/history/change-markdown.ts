/**
 * What changed, as Markdown for a job summary.
 */
import { code, plain } from '../markdown.ts';
import type { ChangeItem, ChangeReport, ChangeSection } from './change-section.ts';

/** Items of a section, and details of an item; the rest is counted. */
const most = 20;

/** `report` as a section of its own. */
export function changeMarkdown(report: ChangeReport): string {
  const since = report.since === undefined ? '' : `Since ${code(report.since)}: `;
  const lead = `${since}${plain(report.headline)}`;
  const conditions =
    report.conditions.length === 0 ? [] : [`Differs in ${report.conditions.map(plain).join(', ')}.`];
  return ['### What changed', lead, ...conditions, ...report.sections.map(sectionText)].join('\n\n');
}

function sectionText({ symbol, title, items, note }: ChangeSection): string {
  const head = `**${plain(symbol)} ${plain(title)}**`;
  if (note !== undefined) return `${head}: ${plain(note)}`;
  return [head, '', ...items.slice(0, most).flatMap(itemLines), ...more(items.length, '')].join('\n');
}

function itemLines({ id, says, details }: ChangeItem): string[] {
  return [
    `- ${code(id)}${says === '' ? '' : `: ${plain(says)}`}`,
    ...details.slice(0, most).map((detail) => `  - ${plain(detail)}`),
    ...more(details.length, '  '),
  ];
}

const more = (number: number, indent: string): string[] =>
  number > most ? [`${indent}- and ${number - most} more`] : [];
