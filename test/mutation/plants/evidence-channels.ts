/** Mutants for checks of the scenarios with WebSockets and streams that nothing had failed: nobody knew whether they could. */
import type { Mutant } from '../mutant.ts';

export const evidenceChannels: readonly Mutant[] = [
  {
    name: 'connection-after-goodbye',
    what: 'a connection whose server has said goodbye is used on',
    file: 'services/agent/http2/hardened.ts',
    find: 'if (!this.#connection?.usable) {',
    replace: 'if (!this.#connection) {',
    caughtBy: ['fleet-resets/told-to-go-away: goes-on'],
  },
  {
    name: 'refused-and-sent',
    what: 'a message that is refused for want of room is sent all the same',
    file: 'services/agent/websocket/hardened.ts',
    find: '    if (text === undefined || obstacle) {',
    replace: `    if (text !== undefined && obstacle === 'buffer_full')
      void this.#outbox.add({ id, text, idempotent: true, timeoutMs: 600_000 });
    if (text === undefined || obstacle) {`,
    caughtBy: [
      'silent-socket/back-pressure-is-bounded: honest-success',
      'silent-socket/back-pressure-is-bounded: recovers',
    ],
  },
  {
    name: 'one-event-back',
    what: 'the reader goes on from the event before the last one that it got',
    file: 'services/agent/events/hardened.ts',
    find: 'this.#lastEventId = event.id;',
    replace: 'this.#lastEventId = String(Number(event.id) - 1);',
    caughtBy: ['silent-socket/event-stream-goes-silent: once'],
  },
  {
    name: 'open-called-failed',
    what: 'who opens a WebSocket is told that it did not open',
    file: 'services/agent/websocket/hardened.ts',
    find: '    this.#opening.resolve();',
    replace: "    this.#opening.reject(new Error('not opened'));",
    caughtBy: ['silent-socket/flaky-upgrades: told-as-it-is'],
  },
  {
    name: 'refused-late',
    what: 'a send into the closing handshake fails after its time, not at once',
    file: 'services/agent/websocket/hardened.ts',
    find: '    if (text === undefined || obstacle) {',
    replace: `    if (obstacle === 'closing') await this.#outbox.add({ id, text: '', idempotent: false, timeoutMs: 6_000 });
    if (text === undefined || obstacle) {`,
    caughtBy: ['silent-socket/send-while-closing: fails-at-once'],
  },
  {
    name: 'refusal-without-status',
    what: 'who opens a WebSocket is not told the status of its refusal',
    file: 'services/agent/websocket/opening.ts',
    find: 'reject(refusal ? toError(refusal, clock.now()) : failure)',
    replace: 'reject(failure ?? refusal)',
    caughtBy: ['silent-socket/upgrade-refused: told-why'],
  },
  {
    name: 'one-websocket-only',
    what: 'a WebSocket that was lost is not made again',
    file: 'services/agent/websocket/reconnector.ts',
    find: 'if (!opened && !suspected && isLastOne) {',
    replace: 'if (opened || (!suspected && isLastOne)) {',
    caughtBy: ['unreachable/told-to-wait: both-are-told'],
  },
  {
    name: 'all-handlers-mixed',
    what: 'a handler answers in the name of another one',
    file: 'services/server/websocket/handlers.ts',
    find: "  name: 'ErrorHandler',",
    replace: "  name: 'AgentHandler',",
    caughtBy: ['silent-socket/router-through-faults: all-handlers'],
  },
  {
    name: 'routed-uncounted',
    what: 'messages of handlers are not counted',
    file: 'services/server/websocket/statistics.ts',
    find: '    routed(type, handler) {\n      messages.received += 1;',
    replace: '    routed(type, handler) {',
    caughtBy: ['silent-socket/router-through-faults: statistics-agree'],
  },
  {
    name: 'events-unverified',
    what: 'the certificate of the server is not verified for streams of events',
    file: 'services/agent/events/hardened.ts',
    find: 'verify: true',
    replace: 'verify: false',
    caughtBy: [
      'fleet-resets/certificates-that-must-be-refused: no-request',
      'fleet-resets/certificates-that-must-be-refused: no-handshake',
    ],
  },
  {
    name: 'healthy-stream-torn-down',
    what: 'what arrives on a stream is no sign of life',
    file: 'services/agent/events/hardened.ts',
    find: `response.on('data', (bytes: Buffer) => {
        listen();`,
    replace: "response.on('data', (bytes: Buffer) => {",
    caughtBy: ['silent-socket/event-stream-goes-silent: kept-while-healthy'],
  },
  {
    name: 'refused-stream-asked-again',
    what: 'a stream that was refused is asked for again and again',
    file: 'services/agent/events/hardened.ts',
    find: '[204, 401, 403].includes',
    replace: '[204].includes',
    caughtBy: [
      'silent-socket/event-stream-goes-silent: refused-once',
      'silent-socket/event-stream-goes-silent: refusal-is-told',
    ],
  },
  {
    name: 'error-taken-for-success',
    what: 'an answer over HTTP/2 counts as success whatever its status',
    file: 'services/agent/http2/connection.ts',
    find: 'status >= 200 && status < 300',
    replace: 'status >= 200 && status < 600',
    caughtBy: ['fleet-resets/told-to-go-away: none-missing'],
  },
];
