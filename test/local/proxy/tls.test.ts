/** Handshakes of node:tls through the proxy: seen, and cut at every stage. */
import type tls from 'node:tls';
import { expect, it } from 'vitest';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { Rig } from './rig.ts';
import { startTlsServer, visit } from './tls-rig.ts';

const stranger = await createAuthority({ name: 'Somebody else', now: Date.now() });

it.each(['TLSv1.2', 'TLSv1.3'] as const)('tells a %s handshake, and one that resumes it', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const port = await rig.proxy(server.port);
  const options: tls.ConnectionOptions = {
    minVersion: version,
    maxVersion: version,
    ALPNProtocols: ['h2', 'http/1.1'],
  };
  const first = await visit(port, options);
  const second = await visit(port, { ...options, ...(first.session ? { session: first.session } : {}) });
  expect([first.outcome, second.outcome]).toEqual(['ok', 'ok']);

  expect(rig.eventsOf('client-hello')).toMatchObject([
    {
      connection: 1,
      serverName: 'server.test',
      alpn: ['h2', 'http/1.1'],
      versions: [version],
      offersResumption: false,
    },
    { connection: 2, offersResumption: true },
  ]);
  expect(rig.eventsOf('tls-handshake')).toMatchObject([
    { connection: 1, outcome: 'complete', version, resumed: false, lastStage: 'finished' },
    { connection: 2, outcome: 'complete', version, resumed: true },
  ]);
  expect(server.completed).toMatchObject([{ resumed: false }, { resumed: true }]);
  for (const { durationMs, cipher } of rig.eventsOf('tls-handshake')) {
    expect(durationMs).toBeGreaterThan(0);
    expect(cipher).toMatch(/^0x[0-9a-f]{4}$/);
  }
});

it.each([
  'TLSv1.2',
  'TLSv1.3',
] as const)('tells a %s handshake as failed when the client turns the certificate down', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const port = await rig.proxy(server.port);

  const { outcome } = await visit(port, { ca: stranger.certPem, minVersion: version, maxVersion: version });

  expect(outcome).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  await expect
    .poll(() => rig.eventsOf('tls-handshake'))
    .toMatchObject([
      { outcome: 'failed', version, lastStage: expect.stringMatching(/certificate|finished/) },
    ]);
});

it('says nothing of TLS about a connection that does not begin with it', async () => {
  await using rig = await Rig.start();
  const client = await rig.connect(await rig.proxy(await rig.serveEcho()));
  client.write('GET / HTTP/1.1\r\n\r\n');
  await client.receive(18);
  client.socket.end();
  await client.ending;
  await expect.poll(() => rig.eventsOf('close').length).toBe(1);

  expect(rig.events.map(({ type }) => type)).toEqual(['open', 'upstream-open', 'end', 'end', 'close']);
});

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const stages = ['client_hello', 'server_hello', 'certificate', 'finished'] as const;
const cuts = versions.flatMap((version) => stages.map((stage) => ({ version, stage })));

it.each(cuts)('tls_cut resets a $version handshake at $stage', async ({ version, stage }) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const port = await rig.proxy(server.port, [{ type: 'tls_cut', attributes: { stage }, only: { first: 1 } }]);
  const options: tls.ConnectionOptions = { minVersion: version, maxVersion: version };

  const cut = await visit(port, options);
  const healthy = await visit(port, options);

  expect(['ECONNRESET', 'closed']).toContain(cut.outcome);
  expect(healthy.outcome).toBe('ok');
  expect(server.completed).toHaveLength(1);
  expect(rig.eventsOf('strike')).toMatchObject([
    { connection: 1, toxicType: 'tls_cut', reason: `reset at ${stage}`, delivered: false },
  ]);
  // A TLS 1.3 server sends its whole flight at once, so more may have arrived than was handed on.
  expect(rig.eventsOf('tls-handshake', 1)).toMatchObject([{ outcome: 'failed' }]);
  const order: readonly string[] = stages;
  const seen = rig.eventsOf('tls-handshake', 1)[0]?.lastStage ?? 'none';
  expect(order.indexOf(seen)).toBeGreaterThanOrEqual(order.indexOf(stage));
  expect(rig.eventsOf('tls-handshake', 2)).toMatchObject([{ outcome: 'complete' }]);
  const types = rig.events.filter(({ connection }) => connection === 1).map(({ type }) => type);
  expect(types.indexOf('strike')).toBeLessThan(types.indexOf('close'));
});

it('tls_cut closes with FIN when told to', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const port = await rig.proxy(server.port, [
    { type: 'tls_cut', attributes: { stage: 'server_hello', action: 'close' } },
  ]);

  await visit(port);

  expect(rig.eventsOf('strike')).toMatchObject([{ reason: 'close at server_hello' }]);
  await expect.poll(() => rig.eventsOf('close')).toMatchObject([{ end: 'fin', by: 'toxic' }]);
});

it.each(versions)('tls_cut stalls a %s handshake until it is lifted', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  for (const stage of stages) {
    const name = `stall-${stage}`;
    const port = await rig.proxy(
      server.port,
      [{ type: 'tls_cut', attributes: { stage, action: 'stall' } }],
      name,
    );
    const before = server.completed.length;
    const visiting = visit(port, { minVersion: version, maxVersion: version });
    await expect.poll(() => rig.eventsOf('strike').filter(({ proxy }) => proxy === name).length).toBe(1);
    expect(server.completed).toHaveLength(before);

    await rig.api('DELETE', `/proxies/${name}/toxics/tls_cut_downstream`);

    expect((await visiting).outcome).toBe('ok');
  }
});

it('tls_cut strikes 30 % of 200 handshakes, the same ones for the same seed (R1.2)', async () => {
  await using server = await startTlsServer();
  const run = async (seed: number): Promise<number[]> => {
    await using rig = await Rig.start({ seed });
    const port = await rig.proxy(server.port, [
      { type: 'tls_cut', attributes: { stage: 'server_hello', share: 0.3 } },
    ]);
    for (let index = 0; index < 200; index += 1) await visit(port);
    await expect.poll(() => rig.eventsOf('close').length).toBe(200);
    const failed = rig
      .eventsOf('tls-handshake')
      .flatMap(({ outcome, connection }) => (outcome === 'failed' ? [connection] : []));
    expect(rig.eventsOf('strike').map(({ connection }) => connection)).toEqual(failed);
    return failed;
  };
  const first = await run(1);

  expect(first.length).toBeGreaterThan(40);
  expect(first.length).toBeLessThan(80);
  expect(await run(1)).toEqual(first);
});
