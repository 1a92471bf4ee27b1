/** A program's log has its beginning and its end: who says that it started says that it stopped. */
import { ratio } from '../checks/ratio.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const started = { kind: 'agent.log', event: 'agent_started' } as const satisfies Matcher;

/** Who is killed, because the machine was too slow for its grace or for any other reason, has no last word. */
const killed = { kind: 'process.exit', signal: 'SIGKILL' } as const satisfies Matcher;

export const saysThatItStopped: StandingCheck = {
  title: 'who says that it started says that it stopped',
  judges: 'sound',
  needs: [started],
  unless: killed,
  check: (title) =>
    ratio(title, {
      of: { kind: 'agent.log', event: 'agent_stopped' },
      per: started,
      atLeast: 1,
      atMost: 1,
    }),
};
