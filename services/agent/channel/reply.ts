/** What the server says about a message: `ack`, or `pong` for a heartbeat, each with the id it answers. */

export interface Reply {
  readonly id: string;
  /** The server's handler that took the message, when it says so. */
  readonly handler?: string;
}

/** Reads a text frame as a reply; undefined when it is anything else, broken JSON included. */
export function parseReply(text: string): Reply | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, id, handler } = value as Record<string, unknown>;
  if ((type !== 'ack' && type !== 'pong') || typeof id !== 'string') return undefined;
  return { id, ...(typeof handler === 'string' && { handler }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
