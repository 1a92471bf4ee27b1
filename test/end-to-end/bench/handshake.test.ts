import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HandshakeRig, startHandshakeRig } from '../../../harness/bench/workloads/handshake/rig.ts';
import { takeOf } from '../../../harness/bench/workloads/handshake/take.ts';

const near = { key: 'ec', roundTripMs: 0 } as const;

it.each([
  'TLSv1.2',
  'TLSv1.3',
] as const)('counts 1,000 connections of %s, half of them offering a session, as the proxy does', async (version) => {
  await using rig = await startHandshakeRig({ seed: 1 });

  const { load, proxy } = await rig.shake(near, {
    version,
    count: 1_000,
    concurrency: 8,
    offer: 'alternately',
  });

  expect(load.offered).toBe(500);
  expect(load).toMatchObject({ full: 500, resumed: 500, failed: 0 });
  expect(proxy).toMatchObject({ connections: 1_000, full: 500, resumed: 500, failed: 0 });
});

it('agrees with the proxy about each connection while handshakes are cut', async () => {
  const cut = {
    type: 'tls_cut',
    attributes: { stage: 'server_hello', action: 'reset', share: 0.3 },
  } as const;
  await using rig = await startHandshakeRig({ seed: 3, toxics: [cut] });

  const { load, proxy } = await rig.shake(near, {
    version: 'TLSv1.3',
    count: 1_000,
    concurrency: 8,
    offer: 'alternately',
  });

  expect(load.full + load.resumed + load.failed).toBe(1_000);
  expect(load.failed).toBeGreaterThan(200);
  expect(proxy).toMatchObject({ full: load.full, resumed: load.resumed, failed: load.failed });
});

describe('a healthy server with an RSA key', () => {
  let rig: HandshakeRig;

  // One for all: its key takes longer to make than a test does.
  beforeAll(async () => {
    rig = await startHandshakeRig({ seed: 1 });
  });

  afterAll(() => rig[Symbol.asyncDispose]());

  it.each([
    { version: 'TLSv1.2', offer: 'never', roundTrips: 2 },
    { version: 'TLSv1.2', offer: 'always', roundTrips: 1 },
    { version: 'TLSv1.3', offer: 'never', roundTrips: 1 },
    { version: 'TLSv1.3', offer: 'always', roundTrips: 1 },
  ] as const)('takes $roundTrips round trips in $version when a session is offered $offer', async (row) => {
    const { version, offer, roundTrips } = row;

    const { load, proxy } = await rig.shake(
      { key: 'rsa', roundTripMs: 40 },
      { version, offer, count: 6, concurrency: 6 },
    );

    const timesMs = offer === 'always' ? load.timesMs.resumed : load.timesMs.full;
    expect(proxy.roundTrips.slice(1)).toEqual(proxy.roundTrips.slice(1).map(() => roundTrips));
    expect(Math.min(...timesMs)).toBeGreaterThanOrEqual(40 * roundTrips - 2);
  });

  it('spends processor time at both ends, more of it on a full handshake than on a resumed one', async () => {
    const spent = async (offer: 'never' | 'always') => {
      const route = { key: 'rsa', roundTripMs: 0 } as const;
      const batch = await rig.shake(route, { version: 'TLSv1.2', count: 200, concurrency: 4, offer });
      return batch.serverCpuMs / batch.proxy.connections;
    };
    await spent('never');

    const [full, resumed] = [await spent('never'), await spent('always')];

    expect(resumed).toBeGreaterThan(0);
    expect(full).toBeGreaterThan(resumed * 1.2);
  });
});

it('fails the row of a server that signed its certificate itself', async () => {
  await using rig = await startHandshakeRig({ seed: 1, flaw: 'self_signed' });

  const batch = await rig.shake(near, { version: 'TLSv1.3', count: 5, concurrency: 1, offer: 'never' });

  expect(batch.load.failed).toBe(5);
  expect(batch.proxy.failed).toBe(5);
  expect(takeOf({ mode: 'full' }, batch).failures).toEqual([
    'handshakes failed: 5 × DEPTH_ZERO_SELF_SIGNED_CERT',
  ]);
});
