/** A row for what is not installed: it has no figures, says how to get them, and fails nothing. */
import type { Row } from '../bench-result.ts';

export const absentRow = (id: string, how: string): Row => ({
  id,
  status: 'measured',
  reasons: [`not installed, so not measured (${how})`],
  times: {},
  figures: {},
});
