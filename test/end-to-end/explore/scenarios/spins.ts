/** A program that works for a while, and then never comes back. */
import { exploration } from 'shaketable';

export default exploration({
  id: 'examples/spins',
  title: 'It works on whatever happens',
  faults: { links: { 'a→b': 'tcp' } },
  stormMs: 5_000,
  quietMs: 5_000,
  async subject(table, storm) {
    const weather = storm();
    for (let turn = 1; weather.rages; turn += 1) {
      await table.sleep(500);
      if (turn === 7) for (;;) Math.random();
    }
  },
  invariants: {},
});
