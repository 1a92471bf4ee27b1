/** Asks once by a library, and says what a caller would know of it, and after how long. */
import { type Clock, withDeadline } from 'shaketable-proxy/clock';
import type { ClientRequest, SendRequest } from './client.ts';

/** One question, and how long its outcome is waited for by us: the library is told of no time-out. */
export interface Question extends ClientRequest {
  readonly withinMs: number;
}

/** The status of the answer, the code of an error, or neither within the wait. */
export interface Outcome {
  readonly operation: string;
  readonly status?: number;
  readonly code?: string;
  readonly tookMs: number;
}

export async function ask(send: SendRequest, question: Question, clock: Clock): Promise<Outcome> {
  const { operation, withinMs } = question;
  const begunMs = clock.now();
  const answered = send(question).then(
    (status) => ({ status }),
    (error: unknown) => outcomeOf(error),
  );
  const outcome = await withDeadline(clock, withinMs, answered, () => ({}));
  return { operation, ...outcome, tookMs: clock.now() - begunMs };
}

/** Some libraries make an error of a status that is none of success. */
function outcomeOf(error: unknown): { status: number } | { code: string } {
  const { response } = error as { response?: { status?: number; statusCode?: number } };
  const status = response?.status ?? response?.statusCode;
  return status === undefined ? { code: codeOf(error) } : { status };
}

/** The code nearest to what happened on the connection: `fetch` hides it behind a TypeError. */
export function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: unknown; name?: unknown };
  if (code !== undefined) return String(code);
  return cause instanceof Error ? codeOf(cause) : String(name ?? error);
}
