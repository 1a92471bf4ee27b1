/** What the server says about itself at `GET /health`. */
import { UnexpectedAnswerError } from '../shared/errors.ts';

/** The answer of `GET /health`; what a server leaves out is not known. */
export interface ServerHealth {
  readonly status: string;
  /** `latencyMs`: round trip of a ping; `oldestMs`: age of the oldest operation in progress. */
  readonly database?: { readonly ok?: boolean; readonly latencyMs?: number; readonly oldestMs?: number };
  readonly load?: { readonly active?: number; readonly waiting?: number; readonly limit?: number };
  readonly eventLoopLagMs?: number;
}

/** Checks that it is our kind of server that answered. Throws `UnexpectedAnswerError` if not. */
export function parseServerHealth(answer: unknown): ServerHealth {
  if (
    typeof answer === 'object' &&
    answer !== null &&
    'status' in answer &&
    typeof answer.status === 'string'
  ) {
    return answer as ServerHealth;
  }
  throw new UnexpectedAnswerError(
    'GET /health was not answered as the agent expects: the answer has no status',
  );
}

/** Reads an answer as JSON. Throws `UnexpectedAnswerError` with the beginning of what came instead. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedAnswerError(`The answer is not JSON: ${JSON.stringify(text.slice(0, 80))}`, {
      cause,
    });
  }
}
