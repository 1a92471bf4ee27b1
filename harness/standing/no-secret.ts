/** A planted secret gets into no output, whoever wrote it (R3.5). */
import { noSecret } from '../checks/no-secret.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const scan = { kind: 'lab.secret-scan' } as const satisfies Matcher;

export const noSecretAtAll: StandingCheck = {
  title: 'no planted secret stands in any output or record',
  judges: 'every',
  needs: [scan],
  check(title, { entries }) {
    const scans = entries.filter((entry) => entry.kind === scan.kind);
    const secrets = [...new Set(scans.map(({ secret }) => secret))];
    return noSecret(title, { secrets });
  },
};
