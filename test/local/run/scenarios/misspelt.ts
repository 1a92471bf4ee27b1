import { count, scenario } from 'shaketable';

scenario({
  id: 'fixtures/misspelt',
  title: 'A fixture of the runner’s tests',
  requirements: [],
  story: 'Its check looks for nothing, and would pass.',
  play: async (table) => table.note('played'),
  checks: {
    quiet: count('no error is logged', {
      // @ts-expect-error: a kind that there is not; the types are gone when it runs
      of: { kind: 'agent.lgo', level: 'error' },
      given: { kind: 'subject.note' },
      atMost: 0,
    }),
  },
  reported: ['quiet'],
});
