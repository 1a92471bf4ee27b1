/** What a record tells of decides its level, whoever writes it (R1.4). */
import { rightLevels } from '../checks/right-levels.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

/** Records of the names that agents and server have for what happened. */
const named = {
  kind: { anyOf: ['agent.log', 'server.log'] },
  event: { exists: true },
} as const satisfies Matcher;

/**
 * What was lost or given up is an ERROR, what changed for the worse a WARN, a beginning, an end and a change for the better an INFO;
 * what is no more than suspected stays at DEBUG. What is survived has a check of its own.
 */
const rules = [
  { when: { event: 'operation_failed' }, level: 'error' },
  { when: { event: 'report_lost' }, level: 'error' },
  { when: { event: 'event_stream_refused' }, level: 'error' },
  { when: { event: 'auth_refused', confirmed: true }, level: 'error' },
  { when: { event: 'auth_refused', confirmed: false }, level: 'debug' },
  { when: { event: 'ws_send_failed', outcome: 'failed' }, level: 'warn' },
  { when: { event: 'ws_send_failed', outcome: 'unknown' }, level: 'error' },
  { when: { event: 'reregistered' }, level: 'warn' },
  { when: { event: 'health', previous: { exists: true }, state: 'healthy' }, level: 'info' },
  { when: { event: 'health', previous: { exists: true } }, level: 'warn' },
  { when: { event: 'operation_recovered' }, level: 'info' },
  { when: { event: { anyOf: ['agent_started', 'agent_stopped', 'sync_started'] } }, level: 'info' },
  { when: { event: { anyOf: ['internal_error', 'database_error'] } }, level: 'error' },
  { when: { event: { anyOf: ['auth_failed', 'agent_offline', 'ws_error'] } }, level: 'warn' },
  { when: { event: 'request', route: { exists: true }, status: { atLeast: 500 } }, level: 'warn' },
  { when: { event: 'request', route: { exists: true } }, level: 'info' },
  { when: { event: { anyOf: ['agent_registered', 'agent_online'] } }, level: 'info' },
  { when: { event: { anyOf: ['ws_open', 'ws_close', 'tls_error'] } }, level: 'info' },
] as const;

export const levelsAsLaidDown: StandingCheck = {
  title: 'each record has the level of what it tells of',
  judges: 'sound',
  needs: [{ ...named, event: { anyOf: [...new Set(rules.flatMap(({ when }) => eventsOf(when.event)))] } }],
  check: (title) => rightLevels(title, { of: named, rules }),
};

function eventsOf(event: string | { readonly anyOf: readonly string[] }): readonly string[] {
  return typeof event === 'string' ? [event] : event.anyOf;
}
