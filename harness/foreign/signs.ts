/** What can be seen of a foreign subject from outside, as matchers: its requests, signs of life, words of trouble. */
import type { Matcher, MatcherOf } from '../journal/matcher.ts';
import { capabilities } from './any-subject.ts';
import type { ForeignSubject } from './subject.ts';

/** The link between a foreign subject and its server. */
export const subjectLink = 'agent→server';

/** Requests of the subject's that its server saw. */
export function requestsOf(subject: Pick<ForeignSubject, 'report'>): MatcherOf<'server.log'> {
  const { method, path } = subject.report ?? {};
  return {
    kind: 'server.log',
    event: 'request',
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path: { matches: globExpression(path) } }),
  };
}

/** Those that were answered well. */
export const goodRequestsOf = (subject: Pick<ForeignSubject, 'report'>): Matcher => ({
  ...requestsOf(subject),
  status: { atLeast: 100, atMost: 399 },
});

/** A record that tells of trouble, by its level or by words that programs use. */
export const tellsTrouble: Matcher = {
  kind: 'agent.log',
  '*': {
    matches:
      '"level":"(warn|error|fatal)"|[Ee]rror|ERROR|WARN|[Ww]arn|[Ff]ail|[Rr]efus|[Tt]imed? ?out|[Ee]xception|[Uu]nreachable|[Rr]eset|[Cc]ould not|[Uu]nable|[Rr]etry',
  },
};

/** What shows from outside that the subject works: a good request, or where none is seen a connection that got through. */
export function signOfLife(subject: ForeignSubject): Matcher {
  if (capabilities(subject).requests) return goodRequestsOf(subject);
  return { kind: 'tls.handshake', link: subjectLink, outcome: 'complete' };
}

/** A glob as a regular expression. */
function globExpression(glob: string): string {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `^${parts.join('.*')}$`;
}
