/** Every signature, and the ranking of those that speak for themselves in an incident. */
import type { Observed } from '../features/observed.ts';
import { accountDisabled } from './account-disabled.ts';
import { agentUnknown } from './agent-unknown.ts';
import { answerLost } from './answer-lost.ts';
import { answersLate } from './answers-late.ts';
import { mixedAnswers } from './mixed-answers.ts';
import { portClosed } from './port-closed.ts';
import type { Match, Signature } from './signature.ts';
import { silentSocket } from './silent-socket.ts';
import { tokenRefused } from './token-refused.ts';
import { unnamedOutage } from './unnamed-outage.ts';

export const signatures: readonly Signature[] = [
  portClosed,
  answersLate,
  answerLost,
  tokenRefused,
  accountDisabled,
  agentUnknown,
  mixedAnswers,
  silentSocket,
  unnamedOutage,
];

/** A signature that holds. */
export interface Ranked {
  readonly signature: Signature;
  readonly match: Match;
}

/** Below this, what speaks for a cause is no more than chance. */
const leastScore = 0.35;

/** The signatures that hold, the likeliest first; none where the events have no pattern. */
export function rank(observed: Observed): Ranked[] {
  return signatures
    .flatMap((signature): Ranked[] => {
      const match = signature.match(observed);
      return match === undefined || match.score < leastScore ? [] : [{ signature, match }];
    })
    .toSorted((a, b) => b.match.score - a.match.score);
}
