/** What the fixture scenarios share: a subject that either leaves an alarm in the journal or does not. */
import { count, scenario, type Table } from 'shaketable';

/** Declares a scenario whose named subjects fail its only check. */
export function plainScenario(
  id: string,
  failing: readonly string[],
  live: (table: Table) => Promise<void> = async () => {},
): void {
  scenario({
    id,
    title: 'A fixture of the runner’s tests',
    requirements: [],
    story: 'Nothing happens here.',
    play: async (table) => {
      table.note('outcome', { alarm: failing.includes(table.subject) });
      await live(table);
    },
    checks: {
      quiet: count('there is no alarm', {
        of: { kind: 'subject.note', name: 'outcome', alarm: true },
        given: { kind: 'subject.note', name: 'outcome' },
        atMost: 0,
      }),
    },
    reported: ['quiet'],
    claims: [
      {
        id: `alarms-${id}`,
        figure: `alarms in ${id}`,
        requirement: 'R0',
        reportedBefore: 1,
        reportedAfter: 0,
        unit: '',
        check: 'quiet',
        before: [1, 1],
        after: [0, 0],
      },
    ],
  });
}
