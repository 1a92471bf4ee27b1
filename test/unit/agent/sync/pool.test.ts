import { expect, it } from 'vitest';
import { defaultSyncPolicy } from '../../../../services/agent/sync/policy.ts';
import { Pool } from '../../../../services/agent/sync/pool.ts';
import type { Session } from '../../../../services/agent/sync/session.ts';
import { manualClock } from '../../../support/manual-clock.ts';

interface FakeSession {
  usable: boolean;
  idleMs: number;
  alive: boolean;
  ended: boolean;
}

function open(poolSize = 2) {
  const clock = manualClock();
  const sessions: FakeSession[] = [];
  const failures: Error[] = [];
  const pool = new Pool({
    clock,
    policy: { ...defaultSyncPolicy, poolSize },
    open: async () => {
      const failure = failures.shift();
      if (failure) throw failure;
      const session = {
        usable: true,
        idleMs: 0,
        alive: true,
        ended: false,
        isAlive: async () => session.alive,
        end: async () => {
          session.ended = true;
        },
        destroy: () => {
          session.usable = false;
        },
      };
      sessions.push(session);
      return session as unknown as Session;
    },
  });
  return { clock, pool, sessions, failures };
}

async function use(pool: Pool): Promise<Session> {
  await using lease = await pool.lease();
  return lease.session;
}

it('lends the same session again once it was given back', async () => {
  const { pool } = open();
  expect(await use(pool)).toBe(await use(pool));
  expect(pool.stats).toMatchObject({ opened: 1, connections: 1, inUse: 0 });
});

it('takes a session back from work that throws', async () => {
  const { pool } = open();
  const work = async (): Promise<void> => {
    await using _lease = await pool.lease();
    throw new Error('work failed');
  };
  await expect(work()).rejects.toThrow('work failed');
  expect(pool.stats).toMatchObject({ connections: 1, inUse: 0 });
});

it('never lends a session again that is no longer usable', async () => {
  const { pool } = open();
  const first = await pool.lease();
  first.session.destroy();
  await first[Symbol.asyncDispose]();
  expect(await use(pool)).not.toBe(first.session);
  expect(pool.stats).toMatchObject({ opened: 2, connections: 1 });
});

it('asks a session that has long been idle for a sign of life, and opens another if there is none', async () => {
  const { pool, sessions } = open();
  const first = await use(pool);
  Object.assign(sessions[0] ?? {}, { idleMs: defaultSyncPolicy.validateAfterMs });
  expect(await use(pool)).toBe(first);
  Object.assign(sessions[0] ?? {}, { alive: false });
  expect(await use(pool)).not.toBe(first);
  expect(pool.stats).toMatchObject({ opened: 2, connections: 1 });
});

it('forgets a session that breaks while it lies idle', async () => {
  const { pool } = open();
  pool.forget(await use(pool));
  expect(pool.stats).toMatchObject({ connections: 0 });
});

it('opens no more than its size and serves those who wait in the order they came', async () => {
  const { pool, clock } = open(1);
  const first = await pool.lease();
  const served: string[] = [];
  const waiters = ['a', 'b'].map(async (name) => {
    await using _lease = await pool.lease();
    served.push(name);
  });
  await clock.advance(1);
  expect(pool.stats).toMatchObject({ opened: 1, inUse: 1, waiting: 2 });
  await first[Symbol.asyncDispose]();
  await Promise.all(waiters);
  expect(served).toEqual(['a', 'b']);
  expect(pool.stats).toMatchObject({ opened: 1, inUse: 0, waiting: 0 });
});

it('lets nobody wait longer than the policy says', async () => {
  const { pool, clock } = open(1);
  await using _held = await pool.lease();
  const refused = pool.lease().catch((error: unknown) => error);
  await clock.advance(defaultSyncPolicy.acquireTimeoutMs);
  expect(await refused).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  expect(pool.stats).toMatchObject({ waiting: 0 });
});

it('gives the room of a session that could not be opened to the next in line', async () => {
  const { pool, failures } = open(1);
  failures.push(new Error('refused'));
  const first = pool.lease();
  const second = pool.lease();
  await expect(first).rejects.toThrow('refused');
  await using lease = await second;
  expect(lease.session.usable).toBe(true);
});

it('ends what is idle when it is closed, and what is on loan when that comes back', async () => {
  const { pool, sessions, clock } = open(2);
  const [one, two] = [await pool.lease(), await pool.lease()];
  const late = pool.lease().catch((error: unknown) => error);
  await clock.advance(1);
  await one[Symbol.asyncDispose]();
  await ((await late) as { [Symbol.asyncDispose](): Promise<void> })[Symbol.asyncDispose]();
  await pool[Symbol.asyncDispose]();
  expect(sessions.map(({ ended }) => ended)).toEqual([true, false]);
  await two[Symbol.asyncDispose]();
  expect(sessions.map(({ ended }) => ended)).toEqual([true, true]);
  await expect(pool.lease()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
  expect(pool.stats).toMatchObject({ connections: 0, inUse: 0, waiting: 0 });
});
