/**
 * What is left of a scenario once faults are taken out of it, others come sooner or hold shorter, and the story ends sooner. The story
 * itself stays as its file has it: what it does to a fault that is left out does nothing.
 */
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { ScenarioDefinition } from '../run/scenario.ts';
import type { Table } from '../worlds/table.ts';

/** When a fault holds, where that differs from the scenario. */
export type FaultTimes = Partial<Pick<PlannedFault, 'from' | 'until'>>;

/** What is left. */
export interface Reduction {
  /** The faults that are left, by id. */
  readonly faults: Readonly<Record<string, FaultTimes>>;
  /** The story is over so many lab milliseconds after the first connection, if it has not ended by then. */
  readonly endsAfterMs?: number;
}

/** What a scenario, or its part for a foreign subject, has that can be reduced. */
type Reducible = Pick<ScenarioDefinition, 'faults' | 'play'>;

/** The scenario under the faults that are left. */
export function reduced<T extends Reducible>(whole: T, { faults: left, endsAfterMs }: Reduction): T {
  const { faults = {} } = whole;
  const kept = Object.entries(faults).filter(([id]) => id in left);
  const leftOut = new Set(Object.keys(faults).filter((id) => !(id in left)));
  return {
    ...whole,
    faults: Object.fromEntries(kept.map(([id, planned]) => [id, { ...planned, ...left[id] }])),
    play: (table) => {
      const without = leftOut.size === 0 ? table : withoutFaults(table, leftOut);
      return endsAfterMs === undefined ? whole.play(without) : endsSooner(whole, without, endsAfterMs);
    },
  };
}

/** A table on which these faults can be neither put in force nor waited for. */
function withoutFaults(table: Table, leftOut: ReadonlySet<string>): Table {
  return {
    ...table,
    inject: async (fault) => (leftOut.has(fault) ? undefined : await table.inject(fault)),
    lift: async (fault) => (leftOut.has(fault) ? undefined : await table.lift(fault)),
    until: async (meant, options) => (isOf(meant, leftOut) ? undefined : await table.until(meant, options)),
  };
}

/** Whether what is waited for can come of these faults alone. */
function isOf(meant: Matcher, faults: ReadonlySet<string>): boolean {
  const { kind, fault } = meant as { readonly kind?: unknown; readonly fault?: unknown };
  return (
    typeof kind === 'string' && kind.startsWith('fault.') && typeof fault === 'string' && faults.has(fault)
  );
}

const firstConnection = { kind: 'connection.open' } as const satisfies Matcher;

async function endsSooner({ play }: Reducible, table: Table, endsAfterMs: number): Promise<void> {
  const over = new AbortController();
  const end = async (): Promise<void> => {
    const connected = await table.until(firstConnection, { withinMs: endsAfterMs });
    if (connected !== undefined) await table.clock.sleep(endsAfterMs, over.signal).catch(() => {});
  };
  try {
    await endedBy(end(), play)(table);
  } finally {
    over.abort();
  }
}

/** A story that is over at its end or when `end` settles; what it still does then stands still at the next thing that it asks of the table. */
export function endedBy(end: Promise<unknown>, play: Reducible['play']): Reducible['play'] {
  return async (table) => {
    let isOver = false;
    const standing = Object.fromEntries(
      Object.entries(table).map(([name, value]) => {
        if (!waitedFor.has(name)) return [name, value];
        const call = (...given: unknown[]): unknown => (isOver ? new Promise(() => {}) : value(...given));
        return [name, call];
      }),
    ) as unknown as Table;
    try {
      await Promise.race([Promise.try(play, standing), end]);
    } finally {
      isOver = true;
    }
  };
}

/** What a story waits for. */
const waitedFor: ReadonlySet<string> = new Set<keyof Table>([
  'database',
  'link',
  'service',
  'process',
  'until',
  'sleep',
  'inject',
  'lift',
]);
