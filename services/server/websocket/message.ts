/** Messages of the WebSocket protocol: JSON objects with a `type`, or JSON-RPC 2.0 requests. */

export type MessageId = string | number;

export interface Message {
  readonly type: string;
  /** With it, the sender gets exactly one answer that names it. */
  readonly id?: MessageId;
  /** The whole message as it came. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** A text that is no message; `id` where one could still be read. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
  readonly code: 'invalid_json' | 'invalid_message';
  readonly id: MessageId | undefined;

  constructor(code: 'invalid_json' | 'invalid_message', message: string, id?: MessageId) {
    super(message);
    this.code = code;
    this.id = id;
  }
}

/** Reads a frame's text. Throws a `MessageError`. */
export function parseMessage(text: string): Message {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MessageError('invalid_json', 'The frame is not JSON');
  }
  return toMessage(value);
}

/** Reads a JSON value. Throws a `MessageError`. */
export function toMessage(value: unknown): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MessageError('invalid_message', 'A message is an object');
  }
  const content = value as Record<string, unknown>;
  const id = isMessageId(content.id) ? content.id : undefined;
  if (content.id !== undefined && content.id !== null && id === undefined) {
    throw new MessageError('invalid_message', 'An id is a text of 1 to 128 characters, or a whole number');
  }
  const type = 'jsonrpc' in content ? 'jsonrpc' : content.type;
  if (typeof type !== 'string' || type.length === 0 || type.length > 64) {
    throw new MessageError('invalid_message', 'A type is a text of 1 to 64 characters', id);
  }
  return { type, content, ...(id === undefined ? {} : { id }) };
}

function isMessageId(value: unknown): value is MessageId {
  return typeof value === 'string' ? value.length > 0 && value.length <= 128 : Number.isSafeInteger(value);
}
