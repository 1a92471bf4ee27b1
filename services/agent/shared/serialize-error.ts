/** An error as data for the log: type, message, code and stack, and so on down the chain of causes (R4.3). */
export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: SerializedError;
}

const longestChain = 8;

/** Turns anything thrown into plain data. Only the outermost stack is kept: the inner ones repeat it. */
export function serializeError(thrown: unknown, depth = 0): SerializedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: String(thrown) };
  const { cause = firstOf(thrown) } = thrown;
  return {
    type: thrown.name,
    message: thrown.message,
    ...('code' in thrown && { code: String(thrown.code) }),
    ...(depth === 0 && thrown.stack !== undefined && { stack: thrown.stack }),
    ...(cause !== undefined && depth < longestChain && { cause: serializeError(cause, depth + 1) }),
  };
}

const firstOf = (error: Error): unknown => (error instanceof AggregateError ? error.errors[0] : undefined);
