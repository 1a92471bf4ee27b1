/** Does the server say that it is well? Any page will do that answers a GET with a success. */
import { type Answer, isPage, waitOf, wordsOf } from '../answer.ts';
import { ask } from '../ask.ts';
import { span } from '../certificate.ts';
import { broken, brokenForNow, type Finding, holds, type Step, type StepContext } from '../step.ts';
import { explainNoAnswer } from './no-answer.ts';

export const healthStep: Step = { id: 'health', look };

async function look(context: StepContext): Promise<Finding> {
  const { target } = context;
  const { path } = target.health;
  const answer = await ask(context, path);
  return 'failure' in answer ? explainNoAnswer(context, `GET ${path}`, answer) : judge(context, answer);
}

function judge(context: StepContext, answer: Answer): Finding {
  const { target, known } = context;
  const { path, given } = target.health;
  const { status, headers } = answer;
  const said = `GET ${path} is answered ${status}${wordsOf(answer)}`;
  if (status >= 500 || status === 429)
    return brokenForNow(
      `${said}${waitOf(answer)}: the server is there and says that it is not well`,
      status === 502 || status === 504
        ? 'What stands before the server does not reach it: check that the server behind the proxy or load balancer runs'
        : 'Look at the log of the server and at what it needs: its database, its disk, its limits',
    );
  if (status >= 300 && status < 400)
    return broken(
      `${said} and sends to ${String(headers.location ?? 'nowhere')}`,
      'Give the URL that it sends to, or another page with --health: agents do not follow either, or send the token elsewhere',
    );
  if (status === 401 || status === 403 || status === 407)
    return broken(`${said}: it wants to know who asks`, 'Give a page that needs no token with --health');
  if (status < 200 || status >= 400)
    return broken(
      said,
      given
        ? 'Check the path that was given with --health'
        : 'Check that this is the right server and port; if its health page is another one, give it with --health, as --health /healthz or --health /',
    );
  if (isPage(answer) && !given)
    return broken(
      `${said} with a page for people: a portal, a proxy or another server answers in the place of the API`,
      'Check the URL, and whether this network asks to log in first; if the page is meant, say so with --health',
    );
  const words = selfReport(answer);
  if (words.down !== undefined) {
    if (!words.database || target.database === undefined)
      return brokenForNow(
        `The server answers ${status}, and says of itself: ${words.down}`,
        words.database
          ? 'Check the database of the server and its access to it; with --db it is looked at from here'
          : 'Look at the log of the server',
      );
    known.databaseDown = true;
    return holds(`GET ${path}: ${status}`, [`The server says of itself: ${words.down}`]);
  }
  return holds(`GET ${path}: ${status}`, [...words.remarks, ...skew(context, headers.date)]);
}

const downWords = /^(down|fail|failed|failing|error|unhealthy|critical|outage)$/i;
const troubledWords = /^(degraded|warn|warning|out_of_service|yellow|red)$/i;

interface SelfReport {
  readonly down?: string;
  /** Whether it is the database. */
  readonly database?: boolean;
  readonly remarks: readonly string[];
}

/** What a body in JSON says, in the usual forms: `status`, and `database.ok` of the reference server. */
function selfReport({ json }: Answer): SelfReport {
  const { status, database } = json ?? {};
  if (isRecord(database) && (database.ok === false || downWords.test(String(database.status))))
    return { down: 'its database does not answer', database: true, remarks: [] };
  if (typeof status !== 'string') return { remarks: [] };
  if (downWords.test(status)) return { down: `status “${status}”`, remarks: [] };
  return { remarks: troubledWords.test(status) ? [`The server says of itself: status “${status}”`] : [] };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const tolerableSkewMs = 30_000;

/** A clock that differs breaks certificates, tokens with an end, and every comparison of two logs. */
function skew({ clock }: StepContext, date: string | string[] | undefined): string[] {
  const theirs = Date.parse(String(date));
  const aheadMs = theirs - clock.now();
  if (Number.isNaN(theirs) || Math.abs(aheadMs) < tolerableSkewMs) return [];
  return [
    `The clock of the server is ${span(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the one of this machine`,
  ];
}
