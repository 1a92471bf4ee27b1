/** R3.3 R1.8: every failure looks the same in the log, and whoever reads it has to guess. */
import {
  type CheckSpec,
  changeRows,
  each,
  refuseConnections,
  scenario,
  toxic,
  unresolvableName,
} from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { serverHost, startReference } from '../rigs/reference.ts';
import { goodHeartbeats, heartbeats } from '../rigs/unreachable.ts';

const link = 'agent→server';
const swapToken = 'UPDATE {schema}.clients SET client_token = REVERSE(client_token)';
const complaints = {
  kind: 'agent.log',
  level: { anyOf: ['warn', 'error'] },
  event: { not: 'health' },
} as const;

/** The faults in their order, each with the code that its records have: `HTTP_503` is `HTTP error 503` in plain words. */
const codes = {
  closed: 'ECONNREFUSED',
  reset: 'ECONNRESET',
  silence: 'DEADLINE_EXCEEDED',
  unavailable: 'HTTP.+503',
  revoked: 'HTTP.+401',
  nameless: 'ENOTFOUND',
  forgotten: 'HTTP.+404',
} as const;

/**
 * Judges the WARN and ERROR records about one fault while it holds. They are told by their code: on a busy machine a
 * request may be late as well.
 */
function categorised(
  title: string,
  fault: keyof typeof codes,
  category: string,
  severity: string,
): CheckSpec {
  return each(title, {
    of: { ...complaints, code: { matches: codes[fault] } },
    has: { category, severity },
    given: { kind: 'fault.strike', fault },
    during: fault,
  });
}

scenario({
  id: 'noise-and-leaks/errors-have-categories',
  title: 'Each failure is recorded with its category and severity',
  requirements: ['R3.3', 'R1.8'],
  story:
    'Seven things go wrong with one agent, one after the other: closed port, connection reset in the handshake, silence, a ' +
    'server whose database is away, a revoked token, a name that does not resolve, an agent that the server has forgotten. ' +
    'As reported all of them are "connection errors", cut off after 100 characters. Each asks for something else of ' +
    'whoever reads the log, so each has to say what it is and how bad.',
  fastPace: 40,
  faults: {
    closed: { fault: refuseConnections(), link, from: 'manual' },
    reset: { fault: toxic({ type: 'tls_cut' }), link, from: 'manual' },
    silence: { fault: toxic({ type: 'silence_accept' }), link, from: 'manual' },
    unavailable: {
      fault: toxic({ type: 'limit_data', attributes: { bytes: 0 } }),
      link: 'server→mysql',
      from: 'manual',
    },
    revoked: {
      fault: changeRows({
        kind: 'token_revoked',
        apply: swapToken,
        revert: swapToken,
        struckBy: { ...heartbeats, status: 401 },
      }),
      from: 'manual',
    },
    nameless: { fault: unresolvableName(serverHost), from: 'manual' },
    forgotten: {
      fault: changeRows({
        kind: 'agent_deleted',
        apply: 'DELETE FROM {schema}.agents',
        struckBy: { ...heartbeats, status: 404 },
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '2' } });
    await startAgent(table, reference, {
      env: { HEARTBEAT_INTERVAL: '4', REQUEST_TIMEOUT: '60', CONNECT_TIMEOUT: '20', RETRY_ATTEMPTS: '1' },
    });
    for (const [fault, code] of Object.entries(codes)) {
      // Two good ones in a row: with the first, what the log has held back about the fault before comes out.
      await table.until(goodHeartbeats, { nth: table.count(goodHeartbeats) + 2, withinMs: 120_000 });
      const complaint = { ...complaints, '*': { matches: code } };
      const before = table.count(complaint);
      await table.inject(fault);
      await table.until({ kind: 'fault.strike', fault }, { withinMs: 120_000 });
      await table.until(complaint, { nth: before + 1, withinMs: 90_000 });
      await table.lift(fault);
    }
  },
  checks: {
    'closed-port': categorised('a closed port is `refused`', 'closed', 'refused', 'high'),
    'reset-in-handshake': categorised('a reset in the handshake is `reset`', 'reset', 'reset', 'low'),
    silence: categorised('silence is `timeout`', 'silence', 'timeout', 'medium'),
    'answer-503': categorised('an answer 503 is `server_error`', 'unavailable', 'server_error', 'medium'),
    'answer-401': categorised('an answer 401 is `authentication`', 'revoked', 'authentication', 'critical'),
    'unknown-name': categorised(
      'an unknown name is `name_resolution`',
      'nameless',
      'name_resolution',
      'high',
    ),
    'answer-404': categorised('an answer 404 is `not_found`', 'forgotten', 'not_found', 'medium'),
    'cause-in-full': each('what is given up is told in full: cause, error with stack, URL', {
      of: { kind: 'agent.log', level: 'error', event: 'operation_failed' },
      has: {
        cause: { matches: '.{20,}\\(.+\\)$' },
        'err.stack': { matches: '\\n +at ' },
        'err.message': { exists: true },
        url: { matches: '/heartbeat$' },
      },
      given: { kind: 'fault.strike' },
    }),
  },
  reported: [
    'closed-port',
    'reset-in-handshake',
    'silence',
    'answer-503',
    'answer-401',
    'unknown-name',
    'answer-404',
    'cause-in-full',
  ],
});
