import { describe, expect, it } from 'vitest';
import type { PlannedFault } from '../../../harness/faults/planned-fault.ts';
import { toxic } from '../../../harness/faults/toxic.ts';
import { minimise } from '../../../harness/minimise/minimise.ts';
import type { Reduction } from '../../../harness/minimise/reduction.ts';
import type { TimedFault } from '../../../harness/minimise/times.ts';
import fc from '../../support/fast-check.ts';

const planned: Readonly<Record<string, PlannedFault>> = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [
    `fault-${index}`,
    {
      fault: toxic({ type: 'reset_peer' }),
      link: 'a→b',
      from: { event: { kind: 'connection.open' }, delayMs: index * 1_000 },
      until: { afterMs: 900 },
    } as const,
  ]),
);

const faults: readonly TimedFault[] = Object.entries(planned).map(([id, { from, until }]) => ({
  id,
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
  heldMs: 900,
}));

interface Playing {
  readonly fails: (reduction: Reduction) => boolean;
  readonly isOver?: (plays: number) => boolean;
  readonly isStopped?: (plays: number) => boolean;
  readonly evidentMs?: number;
  readonly idle?: readonly string[];
}

async function minimumOf({ fails, isOver, isStopped, evidentMs, idle = [] }: Playing) {
  const played: Reduction[] = [];
  const smaller: Reduction[] = [];
  const minimum = await minimise({
    faults,
    planned,
    idle: new Set(idle),
    shortestMs: 100,
    isOver: () => isOver?.(played.length) ?? isStopped?.(played.length) ?? false,
    isStopped: () => isStopped?.(played.length) ?? false,
    onSmaller: (reduction) => smaller.push(reduction),
    plays: async (reduction) => {
      played.push(reduction);
      const times = evidentMs === undefined ? {} : { evidentMs };
      return { fails: fails(reduction), lastedMs: reduction.endsAfterMs ?? 20_000, ...times };
    },
  });
  return { minimum, played, smaller };
}

const needs =
  (...ids: string[]) =>
  ({ faults: left }: Reduction): boolean =>
    ids.every((id) => id in left);

describe('minimise', () => {
  it('leaves the faults that are needed, whichever these are', async () => {
    const needed = fc.uniqueArray(fc.constantFrom(...Object.keys(planned)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(needed, async (ids) => {
        const { minimum } = await minimumOf({ fails: needs(...ids) });
        expect(Object.keys(minimum?.reduction.faults ?? {}).toSorted()).toEqual(ids.toSorted());
        expect(minimum).toMatchObject({ minimal: true, whole: { failed: 3, plays: 3 } });
      }),
      { numRuns: 40 },
    );
  });

  it('has what is left come at once, and hold as short as it may', async () => {
    const { minimum } = await minimumOf({
      fails: ({ faults: left }) => {
        const { until = planned['fault-7']?.until } = left['fault-7'] ?? {};
        return 'fault-7' in left && until !== undefined && 'afterMs' in until && until.afterMs >= 300;
      },
    });
    expect(minimum?.reduction.faults).toEqual({
      'fault-7': { from: { event: { kind: 'connection.open' }, delayMs: 0 }, until: { afterMs: 500 } },
    });
  });

  it('ends the story soon after the last of the evidence, unless it fails so without any fault', async () => {
    const fails = needs('fault-3');
    const { minimum } = await minimumOf({ fails, evidentMs: 4_000 });
    expect(minimum?.reduction.endsAfterMs).toBe(5_000);

    const cutOff = (reduction: Reduction) => fails(reduction) || reduction.endsAfterMs !== undefined;
    const kept = await minimumOf({ fails: cutOff, evidentMs: 4_000 });
    expect(kept.minimum?.reduction.endsAfterMs).toBeUndefined();
  });

  it('needs no fault for what fails without any, and says nothing of what does not fail again', async () => {
    expect((await minimumOf({ fails: () => true })).minimum?.reduction.faults).toEqual({});

    const { minimum, played } = await minimumOf({ fails: () => false });
    expect(minimum).toBeUndefined();
    expect(played).toHaveLength(3);
  });

  it('finds the minimum of a failure that comes two times in three', async () => {
    let draws = 0;
    const sometimes = ({ faults: left }: Reduction): boolean => {
      if (!('fault-5' in left)) return false;
      draws += 1;
      return draws % 3 !== 0;
    };
    const { minimum } = await minimumOf({ fails: sometimes });
    expect(Object.keys(minimum?.reduction.faults ?? {})).toEqual(['fault-5']);
    expect(minimum?.whole.failed).toBeLessThan(minimum?.whole.plays ?? 0);
  });

  it('leaves out at once what hit nothing, where it fails without that', async () => {
    const idle = Object.keys(planned).slice(4);
    const { played } = await minimumOf({ fails: needs('fault-2'), idle });
    expect(Object.keys(played[4]?.faults ?? {})).toEqual(['fault-0', 'fault-1', 'fault-2', 'fault-3']);

    const { minimum } = await minimumOf({ fails: needs('fault-9'), idle });
    expect(Object.keys(minimum?.reduction.faults ?? {})).toEqual(['fault-9']);
  });

  it('keeps the smallest so far when the time is over, and plays it again unless it is stopped', async () => {
    const fails = needs('fault-2', 'fault-8');
    const late = await minimumOf({ fails, isOver: (plays) => plays >= 14 });
    expect(late.minimum).toMatchObject({ minimal: false, left: { failed: 3, plays: 3 } });
    expect(late.minimum?.reduction.faults).toEqual(late.smaller.at(-1)?.faults);
    expect(Object.keys(late.minimum?.reduction.faults ?? {}).length).toBeLessThan(12);

    const stopped = await minimumOf({ fails, isStopped: (plays) => plays >= 14 });
    expect(stopped.played).toHaveLength(14);
    expect(stopped.minimum?.left.plays).toBe(0);
  });
});
