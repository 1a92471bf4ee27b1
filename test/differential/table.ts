/** The verdicts as the page `docs/reference/conformance.md`. */
import type { Facts } from './bench/facts.ts';
import { differing } from './bench/facts.ts';
import { modes, type Verdict } from './judge.ts';

/** Characters of an observation; all of it is compared. */
const longest = 90;

const labels = { must: 'M', quirk: 'Q', defect: 'D' } as const;

/** The whole page. */
export function conformancePage(verdicts: readonly Verdict[], version: string): string {
  const count = (select: (verdict: Verdict) => boolean): number => verdicts.filter(select).length;
  const purpose = count(({ listed }) => listed.length > 0);
  const spared = count(({ check }) => check.instead !== undefined);
  const always = count(({ listed }) => listed.some((difference) => difference.always));
  return `# How this proxy compares with Toxiproxy ${version}

Written by \`npm run test:differential -- --update\`: each row is a check that ran against the real server, against
this proxy, and against this proxy with \`compatibility: 'toxiproxy'\` (\`shaketable proxy -compat\`). Where a cell of ours
is empty, every observation was the same. A time is written as it should be when it came between that and a tenth plus
60 ms later, and otherwise as it was measured. Long answers are cut here, and compared as a whole. M is what clients
depend on, Q is true of the real server and surprising, D is where the real server crashes or hangs: it is not asked
there, and its column tells what it would do. Numbers from 201 on are not in the checklist.

${verdicts.length} checks: ${verdicts.length - purpose - spared} agree, ${purpose} differ on purpose (${always} of those with the switch too), ${spared}
were asked of ours alone.

| # | | Check | Toxiproxy | Ours | With the switch | Verdict |
| --- | --- | --- | --- | --- | --- | --- |
${verdicts.map(row).join('\n')}
`;
}

function row({ check, wanted, shown, listed }: Verdict): string {
  const { item, label, title, instead } = check;
  const cells = [
    String(item),
    labels[label],
    title,
    instead ?? list(wanted, Object.keys(wanted)),
    ...modes.map((mode) => list(shown[mode], instead ? Object.keys(wanted) : differing(wanted, shown[mode]))),
    verdict(listed, instead),
  ];
  return `| ${cells.map(asCell).join(' | ')} |`;
}

function verdict(listed: Verdict['listed'], instead: string | undefined): string {
  if (instead !== undefined) return 'not copied';
  if (listed.length === 0) return 'agrees';
  return listed.map(({ reason, always }) => `differs${always ? ' always' : ''}: ${reason}`).join('; ');
}

function list(facts: Facts, names: readonly string[]): string {
  return names.map((name) => `${name}: ${cut(facts[name]?.shown ?? 'not observed')}`).join('; ');
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** No cell may end a table's row or be read as markup. */
function asCell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[|<>*_[\]`\\]/g, '\\$&');
}
