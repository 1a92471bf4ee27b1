/** The containers world on its own: the reference server on a table, and faults on both of its links. */
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labTemporaryDirectory, openLedger, type ResourceLedger } from '../../harness/cleanup/index.ts';
import type { Fault } from '../../harness/faults/fault.ts';
import { toxic } from '../../harness/faults/toxic.ts';
import { valueAt } from '../../harness/journal/matcher.ts';
import { startContainer } from '../../harness/worlds/containers/container.ts';
import { startDatabaseContainer } from '../../harness/worlds/containers/database.ts';
import { needEngine } from '../../harness/worlds/containers/engine.ts';
import { type StartedStack, startStack } from '../../harness/worlds/containers/stack.ts';
import { startContainersTable } from '../../harness/worlds/containers/table.ts';
import { prepareTestcontainers } from '../../harness/worlds/containers/testcontainers.ts';
import type { Table } from '../../harness/worlds/table.ts';
import { images } from '../../scenarios/images.ts';
import { type Reference, startReference } from '../../scenarios/rigs/reference.ts';
import { entryProblems } from '../support/entry-problems.ts';
import { inEngine, isOutOfReach } from './engine.ts';

let stack: StartedStack;
let ledger: ResourceLedger;

describe.skipIf(isOutOfReach)('a stack', () => {
  beforeAll(async () => {
    await prepareTestcontainers(needEngine());
    ledger = await openLedger();
    const announce = (): void => {};
    stack = await startStack({
      engine: needEngine(),
      owner: ledger.owner,
      seed: 1,
      services: images,
      announce,
    });
  });

  afterAll(async () => {
    const { network } = stack.facts;
    await stack[Symbol.asyncDispose]();
    await ledger[Symbol.asyncDispose]();
    expect(await inEngine(`shaketable.stack=${network}`)).toEqual([]);
  });

  const world = (faults: Record<string, { fault: Fault; link: string; from: 'manual' }>) =>
    startContainersTable({
      scenario: 'tests/containers',
      subject: 'hardened',
      seed: 1,
      pace: 10,
      faults,
      stack: stack.facts,
    });

  it.each([
    { fault: toxic({ type: 'latency', attributes: { latency: 3_000 } }), link: 'agent→server' },
    {
      fault: toxic({ type: 'latency', stream: 'upstream', attributes: { latency: 3_000 } }),
      link: 'agent→server',
    },
    {
      fault: toxic({ type: 'slicer', attributes: { average_size: 200, delay: 100_000 } }),
      link: 'agent→server',
    },
    { fault: toxic({ type: 'limit_data', attributes: { bytes: 0 } }), link: 'server→mysql' },
  ])('gives $fault.kind on $link to the real Toxiproxy, and sees it strike', async ({ fault, link }) => {
    const { table, journal, close } = await world({ f: { fault, link, from: 'manual' } });
    const reference = await startReference(table);

    await ask(table, reference);
    await table.inject('f');
    await ask(table, reference).catch(() => {});
    await table.lift('f');
    const after = await ask(table, reference);
    const [report] = await close();

    expect(report).toMatchObject({ engine: 'toxiproxy', strikes: expect.any(Number) });
    expect(report?.strikes).toBeGreaterThan(0);
    expect(after).toBe(200);
    const [told] = journal.all({ kind: 'toxiproxy.proxy', link });
    expect(told).toMatchObject({ toxics: [{ name: 'f', type: fault.kind }] });
    expect(told && entryProblems(told)).toEqual([]);
    const [counted] = journal.all({ kind: 'toxiproxy.metrics', link });
    expect(counted && entryProblems(counted)).toEqual([]);
    expect(counted && valueAt(counted, 'receivedDown')).toBeGreaterThan(1_000);
  });

  it.each([
    {
      fault: toxic({ type: 'reset_after', attributes: { bytes: 1 }, only: { strikes: 1 } }),
      link: 'agent→server',
    },
    { fault: toxic({ type: 'latency', attributes: { latency: 3_000, jitter: 10 } }), link: 'server→mysql' },
  ])('makes $fault.kind on $link itself where Toxiproxy cannot', async ({ fault, link }) => {
    const { table, close } = await world({ f: { fault, link, from: 'manual' } });
    const reference = await startReference(table);

    await table.inject('f');
    await ask(table, reference).catch(() => {});
    const [report] = await close();

    expect(report).toMatchObject({ engine: 'shaketable' });
    expect(report?.strikes).toBeGreaterThan(0);
  });

  it('runs the server on the lab clock', async () => {
    const { table, journal, close } = await world({});
    const reference = await startReference(table);

    await ask(table, reference);
    await table.until({ kind: 'server.log', event: 'request', path: '/health' }, { withinMs: 20_000 });
    const now = table.clock.now() - journal.startedAt;
    const logged = journal.latest({ kind: 'server.log', event: 'request', path: '/health' });
    await close();

    expect(logged?.t).toBeLessThanOrEqual(now + 50);
    expect(logged?.t).toBeGreaterThan(now - 10_000);
  });

  it('restarts a database of its own behind the same door, with its data', async () => {
    const { table, close } = await world({});
    const { server, schema } = await table.database({ own: true });

    await server.query(`CREATE TABLE ${schema.database}.kept (id INT)`);
    await server.restart({ graceful: false });
    const kept = await server.query(`SELECT COUNT(*) AS rows_there FROM ${schema.database}.kept`);
    await close();

    expect(kept).toMatchObject([{ rows_there: 0 }]);
  });

  it('says that the disk is full when the data directory of the database is', async () => {
    const engine = needEngine();
    const { owner, network, template } = stack.facts;
    await using directory = await labTemporaryDirectory('full');
    const full = `${network}-full`;
    await engine.createVolume(full, {}, { type: 'tmpfs', device: 'tmpfs', o: 'size=4m,mode=1777' });
    try {
      const starting = startDatabaseContainer({
        engine,
        owner,
        network,
        template,
        alias: full,
        directory: directory.path,
        dataVolume: full,
      });

      await expect(starting).rejects.toMatchObject({ code: 'LAB_DISK_FULL', hint: expect.any(String) });
    } finally {
      await engine.removeVolume(full);
    }
  });

  it('says which image is missing', async () => {
    const { owner, network } = stack.facts;
    const starting = startContainer({
      engine: needEngine(),
      owner,
      network,
      alias: 'nobody',
      image: 'shaketable/no-such-image:1',
      ready: /ready/,
    });

    await expect(starting).rejects.toMatchObject({
      code: 'LAB_IMAGE_MISSING',
      message: expect.stringContaining('shaketable/no-such-image:1'),
    });
  });
});

/** Asks the server how it is, over the link; gives the status. */
function ask(table: Table, { url, link }: Reference): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const { hostname: servername } = new URL(url);
  const ca = table.authority.certPem;
  const asking = request(
    { host: link.host, port: link.port, servername, ca, agent: false, path: '/health', timeout: 5_000 },
    (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode));
    },
  );
  asking.on('error', reject).on('timeout', () => asking.destroy(new Error('no answer')));
  asking.end();
  return promise;
}
