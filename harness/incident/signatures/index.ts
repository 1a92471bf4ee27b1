/** Every signature, and the ranking of those that speak for themselves in an incident. */
import type { Observed } from '../features/observed.ts';
import { accountDisabled } from './account-disabled.ts';
import { agentUnknown } from './agent-unknown.ts';
import { answerLost } from './answer-lost.ts';
import { answersLate } from './answers-late.ts';
import { certificateRefused } from './certificate-refused.ts';
import { connectUnanswered } from './connect-unanswered.ts';
import { connectionCut } from './connection-cut.ts';
import { databaseDeadlock } from './database-deadlock.ts';
import { databaseFull } from './database-full.ts';
import { databaseLockWait } from './database-lock-wait.ts';
import { databaseLost } from './database-lost.ts';
import { databaseReadOnly } from './database-read-only.ts';
import { handshakeCut } from './handshake-cut.ts';
import { idleForgotten } from './idle-forgotten.ts';
import { mixedAnswers } from './mixed-answers.ts';
import { nameUnresolved } from './name-unresolved.ts';
import { pathSilent } from './path-silent.ts';
import { portClosed } from './port-closed.ts';
import { rateLimited } from './rate-limited.ts';
import { serverErrors } from './server-errors.ts';
import type { Match, Signature } from './signature.ts';
import { silentSocket } from './silent-socket.ts';
import { socketClosed } from './socket-closed.ts';
import { tokenRefused } from './token-refused.ts';
import { unnamedOutage } from './unnamed-outage.ts';

export const signatures: readonly Signature[] = [
  portClosed,
  connectUnanswered,
  nameUnresolved,
  pathSilent,
  handshakeCut,
  certificateRefused,
  connectionCut,
  idleForgotten,
  answerLost,
  answersLate,
  serverErrors,
  rateLimited,
  tokenRefused,
  accountDisabled,
  agentUnknown,
  mixedAnswers,
  silentSocket,
  socketClosed,
  databaseDeadlock,
  databaseLockWait,
  databaseFull,
  databaseReadOnly,
  databaseLost,
  unnamedOutage,
];

/** A signature that holds. */
export interface Ranked {
  readonly signature: Signature;
  readonly match: Match;
}

/** Below this, what speaks for a cause is no more than chance. */
const leastScore = 0.45;
/** One failure in a log with more lines than this is an event and no pattern; a ticket has the lines that matter. */
const mostLinesAroundOne = 12;

/** The signatures that hold, the likeliest first; none where the events have no pattern. */
export function rank(observed: Observed): Ranked[] {
  return signatures
    .flatMap((signature): Ranked[] => {
      const found = signature.match(observed);
      if (found === undefined) return [];
      const match = isAlone(found, observed) ? { ...found, score: found.score / 2 } : found;
      return match.score < leastScore ? [] : [{ signature, match }];
    })
    .toSorted((a, b) => b.match.score - a.match.score);
}

function isAlone({ evidence }: Match, { sources }: Observed): boolean {
  const lines = sources.reduce((sum, { read }) => sum + read, 0);
  return evidence.length < 2 && lines > mostLinesAroundOne;
}
