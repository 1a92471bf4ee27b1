/** R2.7 R3.1 R3.10: what the server bears, and what it says of itself meanwhile; agents take its word for it. */
import { atOnce, count, each, type Matcher, scenario, statistic, type Table, toxic } from 'shaketable';
import { about } from '../rigs/about.ts';
import { type Reference, startReference } from '../rigs/reference.ts';
import { type Visit, type Visitor, visit, visitor } from '../rigs/visitor.ts';

const workers = 3;
const line = 3;
const databaseConnections = 2;
const bodyLimit = 2_000;
const keepAliveMs = 20_000;
const bodyMs = 30_000;
const headMs = 40_000;
const operationMs = 20_000;
const healthMs = 8_000;
const stopMs = 12_000;

const report = JSON.stringify({ machineId: 'by-hand', sequence: 1 });
const registration = JSON.stringify({ logicalAgentId: 'by-hand' });
const machines = { method: 'GET', path: '/api/fleet/machines' } as const;
const reports = { method: 'POST', path: '/api/fleet/report' } as const;
const registrations = { method: 'POST', path: '/api/agents/register' } as const;
const statistics = { method: 'GET', path: '/api/ws/stats' } as const;
const health = { method: 'GET', path: '/health' } as const;

const requests = { kind: 'server.log', event: 'request' } satisfies Matcher;
const databaseLink = 'server→mysql';

/** A request whose body is still to end. */
const begun = (request: Pick<Visit, 'method' | 'path'>, body: string) => ({
  ...request,
  body: body.slice(0, 10),
  announced: body.length,
});

/** A report of so many bytes. */
function reportOf(bytes: number): string {
  const text = JSON.stringify({ machineId: 'by-hand', sequence: 1, note: '' });
  return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
}

/** Who asks the server how it is. */
async function doctor(table: Table, reference: Reference, who: string) {
  const { ask } = await visit(table, reference, who);
  const answers = visitor(who, 'answered');
  const look = async (): Promise<void> => {
    const nth = table.count(answers) + 1;
    ask(health);
    await table.until(answers, { nth, withinMs: 30_000 });
  };
  return {
    look,
    /** Asks until so many are said to wait, or to be served. */
    async until(what: 'waiting' | 'active', many: number): Promise<void> {
      const meant = { ...answers, [`body.load.${what}`]: many } satisfies Matcher;
      const before = table.count(meant);
      for (let looks = 0; looks < 40 && table.count(meant) === before; looks += 1) {
        await look();
        await table.sleep(100);
      }
    },
  };
}

scenario({
  id: 'unreachable/server-in-a-crowd',
  title: 'The server keeps to its bounds in a crowd, and says how it is',
  requirements: ['R2.7', 'R3.1', 'R3.10'],
  subjects: ['server'],
  story:
    'Three peers begin a report and do not end it, and hold all workers of the server. Three more stand in line, one is sent ' +
    'away, one gives up; others say nothing, or too much. Then the database stops to answer, and in the end the server stops. What an agent makes of a ' +
    'time-out rests on what the server says of itself in such hours, so that has to be true, and come in time.',
  fastPace: 8,
  faults: { dead: { fault: toxic({ type: 'blackhole' }), link: databaseLink, from: 'manual' } },
  play: async (table) => {
    const reference = await startReference(table, {
      env: {
        MAX_CONCURRENT_REQUESTS: String(workers),
        MAX_WAITING_REQUESTS: String(line),
        DB_POOL_SIZE: String(databaseConnections),
        REQUEST_BODY_LIMIT: String(bodyLimit),
        KEEP_ALIVE_TIMEOUT: String(keepAliveMs / 1_000),
        BODY_TIMEOUT: String(bodyMs / 1_000),
        HEADERS_TIMEOUT: String(headMs / 1_000),
        DB_OPERATION_TIMEOUT: String(operationMs / 1_000),
        HEALTH_TIMEOUT: String(healthMs / 1_000),
        STOP_TIMEOUT: String(stopMs / 1_000),
      },
    });
    const comes = (who: string): Promise<Visitor> => visit(table, reference, who);
    const answered = (who: string) => table.until(visitor(who, 'answered'), { withinMs: 90_000 });
    const closed = (who: string) => table.until(visitor(who, 'closed'), { withinMs: 90_000 });

    // The first requests of all take their time.
    (await comes('first')).ask(machines);
    await answered('first');
    await comes('mute');
    (await comes('idle')).ask(health);
    (await comes('fits')).ask({ ...reports, body: reportOf(bodyLimit) });
    await answered('fits');
    (await comes('too large')).ask({ ...reports, body: reportOf(bodyLimit + 1) });
    await answered('too large');

    const inCrowd = await doctor(table, reference, 'doctor in the crowd');
    const slow = await comes('slow');
    for (const worker of [slow, await comes('never ends 1'), await comes('never ends 2')])
      worker.ask(begun(reports, report));
    const hasty = await comes('gives up');
    hasty.ask(machines);
    await inCrowd.until('waiting', 1);
    const next = await comes('next');
    next.ask(begun(registrations, registration));
    await inCrowd.until('waiting', 2);
    (await comes('last')).ask(statistics);
    await inCrowd.until('waiting', 3);
    (await comes('sent away')).ask(machines);
    await answered('sent away');
    hasty.leave();
    await inCrowd.until('waiting', 2);
    await table.sleep(10_000);
    slow.goOn(report.slice(10));
    await answered('slow');
    await inCrowd.until('waiting', 1);
    await table.sleep(5_000);
    next.goOn(registration.slice(10));
    await answered('next');
    await answered('last');
    for (const who of ['never ends 1', 'never ends 2']) await closed(who);
    await (await doctor(table, reference, 'doctor after the crowd')).look();

    await table.inject('dead');
    for (const who of ['unlucky 1', 'unlucky 2', 'unlucky 3']) (await comes(who)).ask(machines);
    await table.sleep(1_000);
    await (await doctor(table, reference, 'doctor without database')).look();
    for (const who of ['unlucky 1', 'unlucky 2', 'unlucky 3']) await answered(who);
    await table.lift('dead');
    const lucky = await comes('lucky');
    lucky.ask({ ...reports, body: report });
    await answered('lucky');
    lucky.ask(machines);
    await table.until(visitor('lucky', 'answered'), { nth: 2, withinMs: 90_000 });
    const inTheEnd = await doctor(table, reference, 'doctor in the end');
    await inTheEnd.look();
    await closed('idle');
    await closed('mute');

    const almost = await comes('almost served');
    for (const worker of [almost, await comes('stuck')]) worker.ask(begun(reports, report));
    await comes('mute in the end');
    await inTheEnd.until('active', 2);
    const stopped = reference.server.close();
    await closed('mute in the end');
    almost.goOn(report.slice(10));
    await answered('almost served');
    await Promise.all([stopped, closed('stuck')]);
  },
  checks: {
    'idle-closed': about('an idle connection is closed in its time', visitor('idle', 'closed'), keepAliveMs),
    'idle-told': each('and its peer has been told when', {
      of: visitor('idle', 'answered'),
      has: { 'headers.keep-alive': `timeout=${keepAliveMs / 1_000}` },
      given: visitor('idle', 'arrived'),
    }),
    'mute-closed': about('so is one on which nothing is asked', visitor('mute', 'closed'), headMs),
    'as-large-as-may-be': each('a body as large as may be is taken', {
      of: visitor('fits', 'answered'),
      has: { status: 200 },
      given: visitor('fits', 'arrived'),
    }),
    'too-large': each('a larger one is refused', {
      of: visitor('too large', 'answered'),
      has: { status: 413, 'body.error': 'Body is too large' },
      given: visitor('too large', 'arrived'),
    }),
    'says-load': count('the server says that it is degraded, and by how many', {
      of: {
        ...visitor('doctor in the crowd', 'answered'),
        'body.status': 'degraded',
        'body.load.active': workers,
        'body.load.waiting': line,
        'body.load.limit': workers,
      },
      given: visitor('gives up', 'arrived'),
      atLeast: 1,
      unit: 'answers',
    }),
    'database-is-not-to-blame': each('it says that its database is well, but for a sweep now and then idle', {
      of: visitor({ matches: '^doctor (in|after) the crowd$' }, 'answered'),
      has: {
        'body.database.ok': true,
        'body.database.active': { atMost: 1 },
        'body.database.oldestMs': { atMost: 2_000 },
      },
      given: visitor('gives up', 'arrived'),
    }),
    'sent-away': each('whoever finds the line full is told to come back', {
      of: visitor('sent away', 'answered'),
      has: { status: 503, 'headers.retry-after': '1', 'body.error': 'Server is overloaded' },
      given: visitor('sent away', 'arrived'),
    }),
    'gave-up': count('the log tells of the one who did not want to wait', {
      of: { ...requests, path: machines.path, status: 499, aborted: true },
      given: visitor('gives up', 'closed'),
      atLeast: 1,
      atMost: 1,
      unit: 'requests',
    }),
    'first-come': about(
      'who came first is served first, and the log has how long it waited',
      { ...requests, path: registrations.path },
      10_000,
      'waitedMs',
    ),
    'last-come': about(
      'who came last waits for both',
      { ...requests, path: statistics.path },
      15_000,
      'waitedMs',
    ),
    'not-waited': statistic('who need not wait does not', {
      of: { ...requests, path: reports.path },
      before: visitor('gives up', 'arrived'),
      field: 'waitedMs',
      take: 'max',
      atMost: 1_000,
      unit: 'ms',
    }),
    'endless-bodies': each('a body that does not end is given up', {
      of: visitor({ matches: '^never ends' }, 'answered'),
      has: { status: 408, 'headers.connection': 'close', 'body.error': 'Body did not arrive in time' },
      given: visitor('never ends 1', 'arrived'),
    }),
    'endless-bodies-in-time': about('in its time', visitor({ matches: '^never ends' }, 'answered'), bodyMs),
    'served-all-the-same': each('who ends in time is served', {
      of: visitor({ anyOf: ['slow', 'next', 'last', 'lucky'] }, 'answered'),
      has: { status: { anyOf: [200, 201] } },
      given: visitor('slow', 'arrived'),
    }),
    'database-bounded': atOnce(
      'the pool holds no more connections to the database than it may, and one on its way out',
      {
        of: { kind: 'connection.open', link: databaseLink },
        ends: { kind: { anyOf: ['connection.end', 'connection.close'] }, link: databaseLink },
        by: ['connection'],
        atMost: databaseConnections + 1,
        fewest: databaseConnections,
        unit: 'connections',
      },
    ),
    'machines-are-told': each('the server tells of the machines that reported, and that they are online', {
      of: { ...visitor('lucky', 'answered'), 'body.machines': { exists: true } },
      has: {
        'body.machines.0.machine_id': 'by-hand',
        'body.machines.0.online': true,
        'body.machines.0.last_seen': { exists: true },
      },
      given: visitor('lucky', 'arrived'),
    }),
    'without-database': each('without a database requests are refused', {
      of: visitor({ matches: '^unlucky' }, 'answered'),
      has: { status: 503, 'body.error': 'Database unavailable' },
      given: visitor('unlucky 1', 'arrived'),
    }),
    'without-database-in-time': about(
      'when its time is up',
      visitor({ matches: '^unlucky' }, 'answered'),
      operationMs,
    ),
    named: each('the log names what the database did', {
      of: { kind: 'server.log', event: 'database_error' },
      has: { level: 'error', code: 'OPERATION_TIMEOUT', operation: { exists: true } },
      given: { kind: 'fault.strike', fault: 'dead' },
    }),
    'says-no-database': each('the server says that its database is not well, and for how long', {
      of: visitor('doctor without database', 'answered'),
      has: {
        status: 200,
        'body.status': 'degraded',
        'body.database.ok': false,
        'body.database.active': { atLeast: 3 },
        'body.database.oldestMs': { atLeast: 1_000 },
        'body.database.latencyMs': { atLeast: healthMs - 150 },
      },
      given: visitor('doctor without database', 'arrived'),
    }),
    'says-so-in-time': about(
      'it says so in the time of a health check',
      visitor('doctor without database', 'answered'),
      healthMs,
    ),
    'all-is-well': each('after all it says that it is well', {
      of: visitor({ anyOf: ['doctor after the crowd', 'doctor in the end'] }, 'answered'),
      before: visitor('almost served', 'arrived'),
      has: {
        'body.status': 'ok',
        'body.database.ok': true,
        'body.load.active': 0,
        'body.load.waiting': 0,
        'body.database.active': { atMost: 1 },
      },
      given: visitor('lucky', 'arrived'),
    }),
    'mute-sent-home': statistic('a server that stops closes what is not in use at once', {
      of: visitor('mute in the end', 'closed'),
      field: 'ms',
      take: 'max',
      atMost: 0.8 * stopMs,
      unit: 'ms',
    }),
    'almost-served': each('and serves who is almost served', {
      of: visitor('almost served', 'answered'),
      has: { status: 200 },
      given: visitor('almost served', 'arrived'),
    }),
    'stuck-cut-off': about(
      'and waits no longer than it may for the others',
      visitor('stuck', 'closed'),
      stopMs,
    ),
    'cut-off-told': count('the log has them, before it ends', {
      of: { ...requests, path: reports.path, status: 499, aborted: true },
      given: visitor('stuck', 'closed'),
      atLeast: 1,
      atMost: 1,
      unit: 'requests',
    }),
  },
});
