/** What of the process belongs to a simulation while one runs, and what is named because it does not. */
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { seal } from '../../../harness/simulation/seal/seal.ts';
import { Simulation } from '../../../harness/simulation/simulation.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';

const beforeSeal = { setTimeout: globalThis.setTimeout };
seal();

let simulation: Simulation | undefined;
afterEach(() => simulation?.[Symbol.asyncDispose]());

function start(options: Partial<Parameters<typeof Simulation.start>[0]> = {}): Simulation {
  simulation = Simulation.start({ seed: 1, ...options });
  return simulation;
}

describe('time', () => {
  it('passes from event to event', async () => {
    const { clock, epochMs } = start();
    const begun = process.hrtime.bigint();
    await pause(3_600_000);

    expect(Date.now() - epochMs).toBe(3_600_000);
    expect(new Date().toISOString()).toBe('2026-01-01T01:00:00.000Z');
    expect(clock.now()).toBe(Date.now());
    expect(process.hrtime.bigint() - begun).toBe(3_600_000_000_000n);
    expect(performance.now()).toBe(3_600_000);
  });

  it('is told by all timers in the order in which they are due', async () => {
    start();
    const order: string[] = [];
    const interval = setInterval(() => order.push('interval'), 10);
    const cleared = setTimeout(() => order.push('cleared'), 5);
    clearTimeout(cleared);
    const byNumber = setTimeout(() => order.push('cleared by its number'), 5);
    clearTimeout(Number(byNumber));
    const refreshed = setTimeout(() => order.push('refreshed'), 12);
    setTimeout(() => refreshed.refresh(), 10);
    setTimeout((word: string) => order.push(word), 15, 'argument');
    AbortSignal.timeout(25).addEventListener('abort', () => order.push('abort'));
    await promisify(setTimeout)(28);
    clearInterval(interval);
    await pause(100);

    expect(order).toEqual(['interval', 'argument', 'interval', 'refreshed', 'abort']);
  });

  it('is the machine’s again when the simulation has ended', async () => {
    const before = Date.now();
    start();
    await pause(1_000_000);
    await simulation?.[Symbol.asyncDispose]();

    expect(Date.now()).toBeGreaterThanOrEqual(before);
    expect(setTimeout(() => {}, 0).constructor.name).toBe('Timeout');
  });

  it('is that of the next simulation for a timer that a library keeps', async () => {
    start();
    let rings = 0;
    const kept = setTimeout(() => {
      rings += 1;
    }, 10);
    await pause(20);
    await simulation?.[Symbol.asyncDispose]();

    start();
    kept.refresh();
    await pause(20);
    expect(rings).toBe(2);
  });

  it('runs on at its end until what was cancelled is gone from the lists of libraries', async () => {
    start();
    let rang = false;
    setTimeout(() => {
      rang = true;
    }, 999);
    await simulation?.[Symbol.asyncDispose]();
    expect(rang).toBe(true);
  });

  it('leaves one listener on a socket, however often its time-out is set', async () => {
    start();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const before = socket.listenerCount('close');
    for (let time = 0; time < 20; time += 1) socket.setTimeout(1_000 + time);
    expect(socket.listenerCount('close')).toBe(before + 1);
    socket.destroy();
    server.close();
  });

  it('ends a wait that is aborted', async () => {
    start();
    const given = new AbortController();
    const waiting = pause(1_000, 'never', { signal: given.signal });
    given.abort();

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('chance', () => {
  const draw = async (seed: number) => {
    start({ seed });
    const drawn = [
      Math.random(),
      crypto.randomBytes(8).toString('hex'),
      await promisify(crypto.randomBytes)(4).then((bytes) => bytes.toString('hex')),
      crypto.randomInt(1_000_000),
      crypto.randomUUID(),
      globalThis.crypto.randomUUID(),
      [...globalThis.crypto.getRandomValues(new Uint8Array(4))].join(),
      [...crypto.randomFillSync(new Uint8Array(4), 2)].join(),
    ];
    await simulation?.[Symbol.asyncDispose]();
    return drawn;
  };

  it('comes of the seed, whoever draws', async () => {
    expect(await draw(7)).toEqual(await draw(7));
    expect(await draw(8)).not.toEqual(await draw(7));
  });

  it('is the system’s while no simulation runs', () => {
    expect(crypto.randomUUID()).not.toBe(crypto.randomUUID());
  });
});

describe('the tripwire', () => {
  const here = /seal\.test\.ts/;
  const named = async (act: () => unknown) => {
    const { escapes } = start();
    await act();
    await pause(1);
    return escapes.all.map(({ what, stack }) => ({ what, here: stack.some((line) => here.test(line)) }));
  };

  it('is silent on what a simulation has itself', async () => {
    expect(
      await named(async () => {
        await pause(10);
        crypto.createHash('sha256').update('x').digest();
        await promisify(crypto.generateKeyPair)('ed25519');
        await dns.promises.lookup('localhost');
      }),
    ).toEqual([]);
  });

  const escapes: readonly (readonly [what: string, act: () => unknown])[] = [
    ['a real timer', () => void beforeSeal.setTimeout(() => {}, 0)],
    [`fs.readFile of /etc/hostname`, () => readFile('/etc/hostname').catch(() => {})],
    ['compression by a thread', () => void gzip('x', () => {})],
    ['a key derivation by a thread', () => void crypto.pbkdf2('x', 'y', 1, 8, 'sha1', () => {})],
    ['a child process', () => void execFile('true', () => {})],
    ['a worker thread', () => void new Worker('', { eval: true }).unref()],
    ['a DNS query', () => void dns.promises.resolve4('localhost').catch(() => {})],
  ];
  it.for(escapes)('names %s with its place', async ([what, act]) => {
    expect(await named(act)).toContainEqual({ what, here: true });
  });

  it('names a TLS key whose signatures vary in length, and no other', async () => {
    const issuers = await Promise.all(
      (['ec', 'ed25519'] as const).map((key) => createAuthority({ name: key, now: Date.now(), key })),
    );
    const [ec, ed] = await Promise.all(issuers.map((issuer) => issuer.issue({ hosts: ['localhost'] })));
    const { escapes } = start();
    tls.createSecureContext({ cert: ed?.certPem, key: ed?.keyPem });
    expect(escapes.all).toEqual([]);
    tls.createSecureContext({ cert: ec?.certPem, key: ec?.keyPem });

    expect(escapes.all.map(({ what }) => what)).toEqual([
      'a TLS key on an elliptic curve, whose signatures vary in length',
    ]);
  });

  it('has no table of the machine’s connections', async () => {
    const { escapes } = start();
    await expect(readFile('/proc/self/net/tcp', 'latin1')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(escapes.all).toEqual([]);
  });

  it('lets files of the simulation’s own directory be, at once and in the order of the program', async () => {
    const directory = tmpdir();
    const file = join(directory, `shaketable-seal-${process.pid}`);
    const { escapes, queue } = start({ directories: [directory] });
    await writeFile(file, 'inside');

    expect(await readFile(file, 'utf8')).toBe('inside');
    expect(queue.nowUs).toBe(0);
    expect(escapes.all).toEqual([]);
  });
});

it('refuses a second simulation at the same time', () => {
  start();

  expect(() => Simulation.start({ seed: 2 })).toThrow('A simulation runs in this process already');
});
