import { count, scenario } from 'shaketable';

scenario({
  id: 'fixtures/alone-fails',
  title: 'A program that is alone and fails',
  requirements: [],
  story: 'Nothing happens here.',
  subjects: ['mine'],
  play: async (table) => table.note('outcome', { alarm: true }),
  checks: {
    quiet: count('there is no alarm', {
      of: { kind: 'subject.note', name: 'outcome', alarm: true },
      given: { kind: 'subject.note', name: 'outcome' },
      atMost: 0,
    }),
  },
});
