/**
 * The eight handlers of the WebSocket router (R4.6). A handler takes the message types it names and says what is
 * answered; it does no I/O. Unless said otherwise the answer is `{ type: 'ack', id, of, handler }`, and none
 * without an id.
 */
import type { Effect } from '../store/fleet.ts';
import type { Message } from './message.ts';

export type Answer = Readonly<Record<string, unknown>>;

/** What a handler may know and use of the world. */
export interface HandlerContext {
  readonly connectionId: string;
  readonly user: string;
  /** Whether this user has sent a message of this id before; remembers it from now on. */
  isRepeated(message: Message): boolean;
  /** Routes a message that was inside another one. */
  route(value: unknown): Answer[];
}

export interface Outcome {
  readonly answers: Answer[];
  /** For messages that change something: whether this one did. */
  effect?: Effect;
  /** The peer has said good-bye. */
  readonly close?: boolean;
}

export interface Handler {
  readonly name: string;
  readonly types: readonly string[];
  handle(message: Message, context: HandlerContext): Outcome;
}

/** The acknowledgement of a message, if it asked for one. */
export function acknowledge(message: Message, handler: string, facts: Answer = {}): Answer[] {
  if (message.id === undefined) return [];
  return [{ type: 'ack', id: message.id, of: message.type, handler, ...facts }];
}

const connectionHandler: Handler = {
  name: 'ConnectionHandler',
  types: ['connect', 'disconnect'],
  handle(message, { connectionId, user }) {
    const close = message.type === 'disconnect';
    return { answers: acknowledge(message, this.name, { connectionId, user }), close };
  },
};

const typingHandler: Handler = {
  name: 'TypingHandler',
  types: ['typing', 'typing_started', 'typing_stopped'],
  handle(message) {
    return { answers: acknowledge(message, this.name) };
  },
};

/** Answers `pong`, with or without an id, so that a peer can tell a living connection by it. */
const heartbeatHandler: Handler = {
  name: 'HeartbeatHandler',
  types: ['ping', 'heartbeat'],
  handle({ type, id }) {
    return { answers: [{ type: 'pong', ...(id === undefined ? {} : { id }), of: type, handler: this.name }] };
  },
};

const agentHandler: Handler = {
  name: 'AgentHandler',
  types: ['agent', 'agent_message', 'agent_status', 'agent_task'],
  handle(message) {
    return { answers: acknowledge(message, this.name) };
  },
};

/**
 * Takes each message of a user once for its id: one that comes again is acknowledged as a duplicate, without
 * effect.
 */
const userMessageHandler: Handler = {
  name: 'UserMessageHandler',
  types: ['user_message', 'message'],
  handle(message, context) {
    const duplicate = context.isRepeated(message);
    return {
      answers: acknowledge(message, this.name, duplicate ? { duplicate } : {}),
      effect: duplicate ? 'duplicate' : 'applied',
    };
  },
};

/**
 * JSON-RPC 2.0: its response, which carries the request's id, takes the place of the `ack`; notifications get
 * none.
 */
const jsonRpcHandler: Handler = {
  name: 'JsonRpcHandler',
  types: ['jsonrpc'],
  handle({ content, id }, { user }) {
    const respond = (facts: Answer): Outcome => ({ answers: [{ jsonrpc: '2.0', id: id ?? null, ...facts }] });
    const { jsonrpc, method, params } = content;
    if (jsonrpc !== '2.0' || typeof method !== 'string') {
      return respond({ error: { code: -32600, message: 'Invalid Request' } });
    }
    if (content.id === undefined) return { answers: [] };
    if (method === 'ping') return respond({ result: 'pong' });
    if (method === 'echo') return respond({ result: params ?? null });
    if (method === 'whoami') return respond({ result: { user } });
    return respond({ error: { code: -32601, message: 'Method not found' } });
  },
};

/** Takes what the peer reports as its own errors. */
const errorHandler: Handler = {
  name: 'ErrorHandler',
  types: ['error'],
  handle(message) {
    return { answers: acknowledge(message, this.name) };
  },
};

const maxBatch = 100;

/** Routes `messages` one by one, each with its own answer, and then acknowledges the batch. */
const batchMessageHandler: Handler = {
  name: 'BatchMessageHandler',
  types: ['batch'],
  handle(message, { route }) {
    const { messages } = message.content;
    const refuse = (reason: string): Outcome => ({
      answers: [{ type: 'error', id: message.id ?? null, code: 'invalid_message', message: reason }],
    });
    if (!Array.isArray(messages)) return refuse('A batch has a list of messages');
    if (messages.length > maxBatch) return refuse(`A batch has at most ${maxBatch} messages`);
    if (messages.some((inner) => inner?.type === 'batch')) return refuse('A batch holds no batches');
    return {
      answers: [
        ...messages.flatMap((inner) => route(inner)),
        ...acknowledge(message, this.name, { count: messages.length }),
      ],
    };
  },
};

export const handlers: readonly Handler[] = Object.freeze([
  connectionHandler,
  typingHandler,
  heartbeatHandler,
  agentHandler,
  userMessageHandler,
  jsonRpcHandler,
  errorHandler,
  batchMessageHandler,
]);
