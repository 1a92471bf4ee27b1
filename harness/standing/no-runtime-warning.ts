/** The runtime has nothing to warn of: no listener too many, nothing rejected and unhandled, no race. */
import { count } from '../checks/count.ts';
import type { StandingCheck } from './standing-check.ts';

/** As Node, Python, Go and the JVM write them. */
const warnings = [
  '\\(node:\\d+\\)',
  '\\b\\w+Warning: ',
  'Unhandled(Promise)?Rejection',
  'WARNING: DATA RACE',
  'fatal error: all goroutines are asleep',
];

/** A record with a level is the program's own; a warning stands between them. Of Go's deadlock the log reader makes a fatal one. */
const readable = ['trace', 'debug', 'info', 'warn', 'error'];

const given = { kind: { anyOf: ['agent.log', 'process.output', 'process.warning'] } } as const;

export const noRuntimeWarning: StandingCheck = {
  title: 'the runtime warns of nothing',
  judges: 'sound',
  needs: [given],
  check: (title) =>
    count(title, {
      of: { ...given, '*': { matches: warnings.join('|') }, level: { not: { anyOf: readable } } },
      given,
      atMost: 0,
      unit: 'warnings',
    }),
};
