/** What befalls connections: at an age, for how long it takes to find out; after so many bytes, for what is lost. */
import type { ToxicDefinition } from 'shaketable-proxy';

/** A fault by name. */
export interface FaultKind {
  readonly name: string;
  /** The client's end is not told, so that a closing handshake waits in vain. */
  readonly silent: boolean;
  /** On each connection, at that age. */
  atAge(ms: number): ToxicDefinition;
  /** On each connection, or message, so that one in about `messages` meets it. */
  among(messages: number): ToxicDefinition;
}

/** Bytes of a message with its frame, about. */
const messageBytes = 200;

export const faultKinds: readonly FaultKind[] = [
  {
    name: 'reset',
    silent: false,
    atAge: (after) => ({ type: 'lifetime', attributes: { after, action: 'reset' } }),
    among: (messages) => ({
      type: 'cut',
      stream: 'upstream',
      attributes: { bytes: messages * messageBytes, action: 'reset' },
    }),
  },
  {
    name: 'close',
    silent: false,
    atAge: (after) => ({ type: 'lifetime', attributes: { after, action: 'close' } }),
    among: (messages) => ({
      type: 'cut',
      stream: 'upstream',
      attributes: { bytes: messages * messageBytes, action: 'close' },
    }),
  },
  {
    name: 'silent',
    silent: true,
    atAge: (after) => ({ type: 'lifetime', attributes: { after, action: 'forget' } }),
    among: (messages) => ({
      type: 'half_open',
      stream: 'upstream',
      only: { from_bytes: messages * messageBytes },
    }),
  },
];

/** Messages vanish on a connection that lives on, as in a broken middlebox. */
export const lossy: FaultKind = {
  name: 'lost',
  silent: false,
  atAge: () => ({ type: 'websocket_drop', stream: 'upstream', attributes: { opcode: 'text' } }),
  among: (messages) => ({
    type: 'websocket_drop',
    stream: 'upstream',
    attributes: { opcode: 'text', every: messages },
  }),
};
