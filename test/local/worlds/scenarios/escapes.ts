/** Reads a file that is none of the run's, which takes as long as the disk likes. */
import { readFile } from 'node:fs/promises';
import { count, scenario } from 'shaketable';

scenario({
  id: 'escapes',
  title: 'A program reads a file of the machine',
  requirements: [],
  story: 'What it finds there is of no seed.',
  subjects: ['reader'],
  play: async (table) => {
    await readFile('/etc/hostname').catch(() => {});
    table.note('read');
  },
  checks: {
    reads: count('it has read', {
      of: { kind: 'subject.note', name: 'read' },
      given: { kind: 'subject.note' },
      atLeast: 1,
    }),
  },
});
