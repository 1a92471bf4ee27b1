/**
 * How long a toxic waits for more when the bytes that it holds are too few to tell whose protocol they are. They are the
 * first bytes of a line or of a header, which their senders write at once; a peer that sends so little and waits for an
 * answer speaks another protocol.
 */
import { type Step, until } from '../../core/steps.ts';

const recognitionMs = 500;

/** Waits, and then lets `giveUp` decide that it is another protocol; more bytes abandon it. */
export function* recognise(
  { now }: { now(): number },
  { undecided, giveUp }: { readonly undecided: boolean; giveUp(): void },
): Generator<Step> {
  if (!undecided) return;
  yield until(now() + recognitionMs);
  giveUp();
}
