/** Entries that several samples are made of, and the matchers that mean them. */
import type { Matcher } from '../../../harness/journal/matcher.ts';

export const request = { kind: 'server.log', event: 'request' } satisfies Matcher;
export const handshake = { kind: 'tls.handshake', outcome: 'complete' } satisfies Matcher;
export const error = { kind: 'agent.log', level: 'error', err: { stack: 'Error: at …' } } as const;
export const started = { kind: 'agent.log', level: 'info', message: 'started' } as const;
export const refused = { kind: 'connection.refused' } satisfies Matcher;
export const [begun, ended] = [{ kind: 'connection.open' }, { kind: 'connection.close' }] as const;
export const sends = { kind: 'subject.note', name: 'send' } satisfies Matcher;
export const messages = { kind: 'server.log', event: 'ws_message' } satisfies Matcher;
export const operation = { kind: 'subject.note', name: 'operation' } satisfies Matcher;
export const claim = (id: string, status: string) => ({ ...sends, id, status });
export const received = (id: string) => ({ ...messages, id });

export const state = { kind: 'subject.note', name: 'state' } satisfies Matcher;
export const belief = (claimed: string, id: string) => ({ ...state, claimed, id, witness: `w${id}` });
