/** R2.10 R2.11: an agent that is started while the server is down. */
import {
  count,
  each,
  followed,
  type Matcher,
  noSecret,
  ownWorlds,
  refuseConnections,
  scenario,
  serverGone,
  statistic,
} from 'shaketable';
import { loopback, startAgentProcess } from '../rigs/agent-process.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';
import { completeRecord, startFailed } from '../rigs/unreachable.ts';

const strikes = { kind: 'fault.strike', fault: 'down' } satisfies Matcher;
const exits = { kind: 'process.exit', process: 'without-server' } satisfies Matcher;
const wrongToken = { kind: 'process.exit', process: 'with-a-wrong-token' } satisfies Matcher;
const wrongUrl = { kind: 'process.exit', process: 'with-a-wrong-url' } satisfies Matcher;
const registered = { kind: 'server.log', event: 'agent_registered' } satisfies Matcher;
const banner = 'AGENT STARTUP - SERVER CONNECTIVITY CHECK';

scenario({
  id: 'unreachable/start-up-check',
  title: 'An agent that cannot reach its server does not start, and says why',
  requirements: ['R2.10', 'R2.11'],
  except: { simulated: 'the exit codes are those of a program of its own, which has the machine’s time' },
  worlds: [...ownWorlds, 'external'],
  story:
    'An operator starts the agent while the server is down, as a program, configured by its environment variables. As ' +
    'reported, it starts as if nothing were wrong, and whoever supervises it sees a healthy process. It should check first, ' +
    'show what it checks with which token, and end with an exit code of its own. With the server there it should start.',
  fastPace: 1,
  faults: { down: { fault: refuseConnections(), link: 'agent→server' } },
  play: async (table) => {
    const reference = await startReference(table);
    const first = await startAgentProcess(table, reference, 'without-server');
    await table.until(startFailed, { withinMs: 30_000 });
    // Whoever ends by himself does so now.
    await table.until(exits, { withinMs: 2_000 });
    await first.stop();
    await table.lift('down');
    const second = await startAgentProcess(table, reference, 'with-server');
    await table.until(registered, { withinMs: 30_000 });
    await second.stop();
    const stranger = { link: reference.link, token: 'a-token-that-nobody-knows' };
    const misled = { SPOT_OPTIMIZER_SERVER_URL: 'server.example' };
    const others = [
      await startAgentProcess(table, stranger, wrongToken.process),
      await startAgentProcess(table, reference, wrongUrl.process, misled),
    ];
    await Promise.all([wrongToken, wrongUrl].map((exit) => table.until(exit, { withinMs: 10_000 })));
    await Promise.all(others.map((other) => other.stop()));
  },
  checks: {
    'exits-with-its-code': each(
      'without a server the program ends by itself, as one whose service is unavailable',
      {
        of: exits,
        has: { code: 69 },
        given: strikes,
      },
    ),
    'exits-in-time': statistic('and soon', {
      of: { ...exits, code: 69 },
      field: 'ranMs',
      take: 'max',
      atMost: 20_000,
      unit: 'ms',
    }),
    'says-that-it-does-not-start': count('each of its starts in vain is told', {
      of: { kind: 'agent.log', level: 'error', message: { matches: 'the agent does not start$' } },
      given: strikes,
      atLeast: 1,
      unit: 'records',
    }),
    'stops-with-zero': each('an agent that is asked to stop ends as one that was asked to', {
      of: { kind: 'process.exit', process: 'with-server' },
      has: { code: 0 },
      given: registered,
    }),
    'refused-token-has-its-code': each('with a token that is refused it ends as one without permission', {
      of: wrongToken,
      has: { code: 77 },
      given: registered,
    }),
    'refused-token-is-told': count('and says so', {
      of: { kind: 'agent.log', log: wrongToken.process, event: 'auth_refused', level: 'error' },
      given: registered,
      atLeast: 1,
      unit: 'records',
    }),
    'wrong-url-has-its-code': each('with a URL that is none it ends as one whose configuration is wrong', {
      of: wrongUrl,
      has: { code: 78 },
      given: registered,
    }),
    'shows-the-banner': count('each start shows the banner', {
      of: { kind: 'agent.log', log: { anyOf: ['without-server', 'with-server'] }, message: banner },
      given: strikes,
      atLeast: 2,
      atMost: 2,
      unit: 'banners',
    }),
    'shows-url-and-preview': count('with the server URL and the preview of the token', {
      of: {
        kind: 'agent.log',
        log: { anyOf: ['without-server', 'with-server'] },
        message: { matches: `^Server URL: https://${loopback}:\\d+$|^Client Token: tok.{5}\\.\\.\\..{4}$` },
      },
      given: strikes,
      atLeast: 4,
      atMost: 4,
      unit: 'lines',
    }),
    'says-why': count('the record of the failed check tells all', {
      of: completeRecord('ECONNREFUSED', { attempts: 1, host: loopback }),
      given: strikes,
      atLeast: 1,
      unit: 'complete records',
    }),
    'no-false-comfort': count('nobody is told that the server is reachable while it is not', {
      of: { kind: 'agent.log', message: { matches: 'Server is reachable' } },
      during: 'down',
      given: strikes,
      atMost: 0,
    }),
    'starts-with-server': followed('with a server that is there it passes the check and registers', {
      each: {
        kind: 'agent.log',
        log: 'with-server',
        message: { matches: 'Server is reachable \\(health check passed\\)' },
      },
      by: registered,
    }),
    'token-stays-secret': noSecret('the token stands in no output', { secrets: ['client token'] }),
  },
  reported: ['exits-with-its-code', 'shows-the-banner', 'shows-url-and-preview', 'says-why'],
  anySubject: {
    needs: [],
    part: (subject) =>
      course(subject, {
        fromStart: true,
        fault: serverGone({ how: 'reset' }),
        lastsMs: 60_000,
        checks: ['tells', 'back-off', 'noise', 'recovers'],
      }),
  },
});
