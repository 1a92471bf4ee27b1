/** The server answers, with an error of its own. */
import { answeredStatus } from './answered-status.ts';

export const serverErrors = answeredStatus('server-errors', /^status:5\d\d$/, {
  title: 'The server answers with errors of its own',
  shows: 'Requests are answered 500 to 599, all or a share of them, while connections are healthy.',
  contradictedBy: 'Resets and time-outs in the same time: then the path or the process is what fails.',
});
