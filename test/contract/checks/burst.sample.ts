import { burst } from '../../../harness/checks/burst.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const open = (t: number, link = 'agent→server') => ({ kind: 'connection.open', link, t }) as const;

export default {
  spec: burst('no storm of connections', {
    of: { kind: 'connection.open' },
    withinMs: 1_000,
    atMost: 2,
    groupBy: 'link',
  }),
  good: entries(open(0), open(500), open(700, 'server→mysql'), open(1_600), open(2_700)),
  bad: entries(open(0), open(900), open(1_400), open(1_900)),
} satisfies Sample;
