/** At which pace a run is played. */
import type { ForeignSubject } from '../foreign/subject.ts';
import type { Pace, WorldModule } from '../worlds/world-module.ts';

/** The one that was asked for, where the world has it; one whose clock cannot be scaled is played at the real one. */
export function paceOf(asked: Pace, paces: WorldModule['paces'], subject?: ForeignSubject): Pace {
  if (subject?.pace.how === 'real') return 'real';
  return paces.includes(asked) ? asked : paces[0];
}
