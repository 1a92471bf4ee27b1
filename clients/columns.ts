/** What is asked of every client of a kind: a scenario a column. */
import type { ConnectionKind } from '../harness/adapter/protocol.ts';

export interface Column {
  readonly scenario: string;
  /** The head of the column. */
  readonly question: string;
}

export const columns: Readonly<Record<ConnectionKind, readonly Column[]>> = {
  http: [
    { scenario: 'fleet-resets/one-handshake-per-request', question: 'keeps its connection' },
    { scenario: 'fleet-resets/idle-connection-reset', question: 'loses nothing on one that died idle' },
    {
      scenario: 'fleet-resets/reset-after-the-server-applied-it',
      question: 'counts once when an answer is lost',
    },
    { scenario: 'fleet-resets/asked-to-come-back-later', question: 'heeds `Retry-After`' },
    { scenario: 'unreachable/black-hole', question: 'gives up on silence' },
    { scenario: 'noise-and-leaks/every-request-ends', question: 'gives up on half an answer' },
    { scenario: 'fleet-resets/certificates-that-must-be-refused', question: 'refuses bad certificates' },
  ],
  websocket: [
    { scenario: 'silent-socket/send-to-a-silent-peer', question: 'notices a silent peer' },
    { scenario: 'silent-socket/send-while-closing', question: 'fails a send into a closing handshake' },
  ],
  database: [
    { scenario: 'noise-and-leaks/database-connection-killed', question: 'outlives killed connections' },
    { scenario: 'noise-and-leaks/database-restart', question: 'works again after a restart' },
    { scenario: 'noise-and-leaks/every-request-ends', question: 'gives up on silence' },
  ],
};
