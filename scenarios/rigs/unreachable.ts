/**
 * What the scenarios about agents that cannot reach their server have in common: heartbeats as the server sees them, what
 * the last record of a failed operation has to say (R2.2), and a count of attempts that does not depend on the agent's word.
 */
import type { Matcher, Table } from 'shaketable';
import { serverHost } from './reference.ts';

/** Heartbeats that the server answered, whatever it answered. */
export const heartbeats = {
  kind: 'server.log',
  event: 'request',
  route: '/api/agents/:id/heartbeat',
} as const satisfies Matcher;

/** Heartbeats that took effect. */
export const goodHeartbeats = { ...heartbeats, status: 200 } as const satisfies Matcher;

/** Records at ERROR or above. */
export const errorRecords = {
  kind: 'agent.log',
  level: { anyOf: ['error', 'fatal'] },
} as const satisfies Matcher;

/** What either agent writes when it gives an operation up. */
export const givenUp = {
  ...errorRecords,
  message: { matches: 'after \\d+ attempts?:|^Request failed' },
} as const satisfies Matcher;

/** What either agent writes when it is started in vain. */
export const startFailed = {
  ...errorRecords,
  message: { matches: '^Registration failed|the agent does not start$' },
} as const satisfies Matcher;

/** What the hardened agent writes when it gives an operation up, with its fields. */
export const failedOperations = { kind: 'agent.log', event: 'operation_failed' } as const satisfies Matcher;

/**
 * An ERROR record after so many attempts that tells method, full URL, cause, configured server URL and what to verify, in
 * the order of the report (R2.2). `cause` is a regular expression.
 */
export function completeRecord(cause: string, { attempts = 3, host = serverHost } = {}): Matcher {
  const url = `https://${host.replaceAll('.', '\\.')}:\\d+`;
  const what = `after ${attempts} attempts?: (GET|POST) ${url}/\\S+ - `;
  return {
    ...errorRecords,
    message: { matches: `${what}[^\\n]*${cause}[\\s\\S]*\\nServer URL configured as: ${url}\\nVerify ` },
  };
}

/** Every connection that a subject on a watched table asks for. */
export const dials = { kind: 'subject.note', name: 'dial' } as const satisfies Matcher;

/** Those of them that nobody took. */
export const refusedDials = {
  kind: 'subject.note',
  name: 'dial-failed',
  code: 'ECONNREFUSED',
} as const satisfies Matcher;

/** The table with a way out that journals each use, as {@link dials}, and each failure of one; `who` says whose. */
export function watchDials(table: Table, who?: string): Table {
  let number = 0;
  return {
    ...table,
    dial: (target) => {
      number += 1;
      const fact = { ...target, number, ...(who !== undefined && { who }) };
      table.note('dial', fact);
      return table.dial(target).once('error', (error: NodeJS.ErrnoException) => {
        table.note('dial-failed', { ...fact, code: error.code });
      });
    },
  };
}
