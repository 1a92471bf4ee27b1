/**
 * What the server says about a message, by its id: `ack`, `pong` for a heartbeat, the response to a JSON-RPC request,
 * or `error` when the message made no sense to it.
 */

export interface Reply {
  readonly id: string;
  /** False when the server took the message for invalid and did nothing with it. */
  readonly accepted: boolean;
  /** The server's handler that took the message, when it says so. */
  readonly handler?: string;
}

/** Reads a text frame as a reply; undefined when it is anything else, broken JSON included. */
export function parseReply(text: string): Reply | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, id, handler, jsonrpc } = value as Record<string, unknown>;
  const accepted = type === 'ack' || type === 'pong' || (type === undefined && jsonrpc === '2.0');
  if (typeof id !== 'string' || !(accepted || type === 'error')) return undefined;
  return { id, accepted, ...(typeof handler === 'string' && { handler }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
