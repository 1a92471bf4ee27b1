/** Why an agent did not start, for those who started it. */
import type { Failure } from '../shared/errors.ts';
import { exitCodeFor } from './exit-codes.ts';

/** The agent could not start. What is wrong has been logged; `exitCode` is for the process to end with. */
export class AgentStartError extends Error {
  override readonly name = 'AgentStartError';
  readonly code = 'AGENT_START_FAILED';
  readonly failure: Failure;
  readonly exitCode: number;

  constructor(failure: Failure, cause: unknown) {
    super(`The agent cannot start: ${failure.message}`, { cause });
    this.failure = failure;
    this.exitCode = exitCodeFor(failure.category);
  }
}
