/** What passes between an engine and a process that uses it from afar. */

/** The other end, as a child's IPC channel or a `MessagePort` is one. Messages are cloned, bytes included. */
export interface Channel {
  send(message: unknown): void;
  /** @returns what takes the listener off again */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once when the other end is gone. */
  onGone(listener: () => void): void;
}

/** The verbs that answer once. */
export const asked = [
  ...[
    'open',
    'runs',
    'submit',
    'claim',
    'extend',
    'complete',
    'fail',
    'putBlob',
    'getBlob',
    'broadcast',
    'remove',
  ],
] as const;

/** The verbs that answer until they are stopped. */
export const followed = ['watch', 'listen'] as const;

export type Asked = { readonly ask: number; readonly verb: string; readonly args: readonly unknown[] };
export type Stopped = { readonly stop: number };

export type Answered =
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: CarriedError }
  | { readonly item: number; readonly value: unknown }
  | { readonly end: number };

/** An error of the lab on its way. */
export interface CarriedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
