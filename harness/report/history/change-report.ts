/**
 * What changed, as a list of sections in the order in which one wants to know it. Terminal, summary and page show the same list.
 */
import { outcomeWords } from '../scenario-outcome.ts';
import { count, showDuration, showNumber } from '../text.ts';
import type { ChangeItem, ChangeReport, ChangeSection } from './change-section.ts';
import { isNotable, tolerance } from './compare-durations.ts';
import type { Changes, CheckChange, ScenarioChange, Unsteady } from './compare-runs.ts';

/** Puts `changes` into words, and how steady the scenarios were; without `changes` there was no run to compare with. */
export function changeReport(changes: Changes | undefined, unsteady: readonly Unsteady[] = []): ChangeReport {
  const sections = [...(changes === undefined ? [] : changeSections(changes)), unsteadySection(unsteady)];
  return {
    ...(changes === undefined ? {} : { since: changes.since }),
    headline: headline(changes),
    conditions: (changes?.conditions ?? []).map(({ what, before, after }) => `${what} ${before} → ${after}`),
    sections: sections.filter(({ items, note }) => items.length > 0 || note !== undefined),
  };
}

function headline(changes: Changes | undefined): string {
  if (changes === undefined) return 'No earlier run of mostly the same scenarios to compare with.';
  const { newFailures, mended, added, gone, compared } = changes;
  const parts = [
    newFailures.length > 0 ? count(newFailures.length, 'new failure') : 'no new failure',
    ...(mended.length > 0 ? [`${mended.length} mended`] : []),
    ...(added.length > 0 ? [count(added.length, 'new scenario')] : []),
    ...(gone.length > 0 ? [`${gone.length} gone`] : []),
  ];
  return `${parts.join(', ')}; ${count(compared, 'scenario')} compared.`;
}

function changeSections(changes: Changes): ChangeSection[] {
  const { newFailures, mended, otherChecks, added, gone } = changes;
  const plain = (ids: readonly string[]): ChangeItem[] => ids.map((id) => ({ id, says: '', details: [] }));
  return [
    section('unexpected', '✕', count(newFailures.length, 'new failure'), newFailures.map(scenarioItem)),
    section('expected', '✓', `${mended.length} mended`, mended.map(scenarioItem)),
    section(
      'inconclusive',
      '≠',
      `${count(otherChecks.length, 'scenario')} with other findings`,
      otherChecks.map(scenarioItem),
    ),
    section('plain', '+', count(added.length, 'new scenario'), plain(added)),
    section('plain', '−', `${count(gone.length, 'scenario')} gone`, plain(gone)),
    durationSection(changes),
  ];
}

function section(
  tone: ChangeSection['tone'],
  symbol: string,
  title: string,
  items: readonly ChangeItem[],
): ChangeSection {
  return { tone, symbol, title, items };
}

function scenarioItem({ id, before, after, checks }: ScenarioChange): ChangeItem {
  const is = outcomeWords[after].word;
  const says =
    before === undefined
      ? `new, ${is}`
      : before === after
        ? `still ${is}`
        : `was ${outcomeWords[before].word}, now ${is}`;
  return { id, says, details: checks.map(checkWords) };
}

function checkWords({ subject, check, before, after }: CheckChange): string {
  return `${subject} ${check}: ${before ?? 'not run'} → ${after ?? 'not run'}`;
}

function durationSection({ durations }: Changes): ChangeSection {
  const { usualRatio = 1, notable = [] } = durations ?? {};
  const items = notable.map(({ id, beforeMs, afterMs, ratio }) => ({
    id,
    says: `${showDuration(beforeMs)} → ${showDuration(afterMs)}, ${showNumber(ratio)} ×`,
    details: [],
  }));
  const beside = `${showNumber(tolerance)} times or more beside the usual ${showNumber(usualRatio)} ×`;
  const base = section('plain', '~', `${notable.length} notably longer or shorter (${beside})`, items);
  if (items.length > 0 || !isNotable(usualRatio)) return base;
  const note = `scenarios take ${showNumber(usualRatio)} times as long as they did: another machine, or more beside it`;
  return { ...base, title: 'Durations', note };
}

function unsteadySection(unsteady: readonly Unsteady[]): ChangeSection {
  const items = unsteady.map(({ id, notAsExpected, runs }) => ({
    id,
    says: `not as expected in ${notAsExpected} of ${count(runs, 'run')}`,
    details: [],
  }));
  return section('inconclusive', '≈', `${count(items.length, 'unsteady scenario')}`, items);
}
