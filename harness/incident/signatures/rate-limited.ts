/** The server answers that there are too many requests. */
import { answeredStatus } from './answered-status.ts';

export const rateLimited = answeredStatus('rate-limited', /^status:429$/, {
  title: 'The server answers that requests come too often',
  shows: 'Requests are answered 429, in bursts or from a certain rate on.',
  contradictedBy: 'A 429 for every request at whatever rate, which is a quota and no rate.',
});
