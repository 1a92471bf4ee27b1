/**
 * WebSockets of the reference server that are led by hand: what no sound client sends, and peers that stop reading. What
 * becomes of each stands in the journal as notes `{ name: 'peer', who, what, … }`: `opened`, `answered` with `about`, the name
 * of what was said last, and `answer`, and `closed` with `code` and `reason`.
 */
import type { Table } from 'shaketable';
import { createWebSocket } from '../../services/agent/websocket/web-socket.ts';
import type { Reference } from './reference.ts';
import { webSocketUrl } from './web-socket-url.ts';

/** What happened to one peer. */
export const peer = (who: string, what: 'opened' | 'answered' | 'closed') =>
  ({ kind: 'subject.note', name: 'peer', who, what }) as const;

export interface Peer {
  /** Sends a frame of text, or a binary one. */
  say(about: string, frame: string | Buffer): void;
  /** From now on it reads nothing, be it a ping or a good-bye. */
  stopReading(): void;
}

/** Opens one; with the table it is cut off, unless that has happened. */
export async function openPeer(table: Table, reference: Reference, who: string): Promise<Peer> {
  const socket = createWebSocket({
    url: webSocketUrl(reference.url, who),
    token: reference.token,
    ca: table.authority.certPem,
    dial: table.dial,
    verify: true,
  });
  table.use({ [Symbol.asyncDispose]: async () => socket.terminate() });
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let subject = '';
  const note = (what: string, facts = {}) => table.note('peer', { who, what, ...facts });
  socket.on('message', (data) => note('answered', { about: subject, answer: JSON.parse(String(data)) }));
  // Whoever is cut off learns so by the end that follows.
  socket
    .on('error', () => {})
    .once('close', (code, reason) => note('closed', { code, reason: String(reason) }));
  note('opened');
  return {
    say(about, frame) {
      subject = about;
      socket.send(frame, () => {});
    },
    stopReading: () => socket.pause(),
  };
}
