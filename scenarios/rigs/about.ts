/** Bounds of a server: kept to, on a machine that is busy as well. */
import { type Matcher, statistic } from 'shaketable';

/** Passes when what is measured in `field` lasts `ms` of lab time, and less than twice as long. */
export const about = (title: string, of: Matcher, ms: number, field = 'ms') =>
  statistic(title, { of, field, take: 'median', atLeast: ms - 150, atMost: 1.9 * ms, unit: 'ms' });
