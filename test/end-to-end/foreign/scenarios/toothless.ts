/** A scenario whose own pair passes both times: nothing of what it says of anybody is worth anything. */
import { count, scenario } from 'shaketable';

const played = { kind: 'subject.note', name: 'played' } as const;
const checks = { 'is-played': count('it is played', { of: played, given: played, atLeast: 1 }) };

scenario({
  id: 'toothless',
  title: 'A check that cannot fail',
  requirements: [],
  story: 'Something is noted, whoever is on the table.',
  worlds: ['local'],
  play: async (table) => table.note(played.name),
  checks,
  reported: ['is-played'],
  anySubject: { part: () => ({ faults: {}, checks, play: async (table) => table.note(played.name) }) },
});
