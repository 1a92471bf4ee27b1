/**
 * Removes what the lab has in an engine: of one run when it ends, and what runs left that were killed. Only what carries the
 * lab's own label is looked at.
 */
import { systemClock } from 'shaketable-proxy/clock';
import { type Engine, findEngine } from './engine.ts';
import { isAbandoned, ownerLabel } from './labels.ts';

const kinds = ['container', 'network', 'volume'] as const;

/** One thing in the engine that nobody needs any more. */
export interface EngineOrphan {
  readonly kind: (typeof kinds)[number];
  readonly id: string;
  readonly name: string;
  readonly owner: string;
}

/** An engine that takes longer to say that it is there is not asked what was left in it. */
const quickMs = 150;

/** What dead runs left in the engine; nothing where none answers at once. In the order in which it has to be removed. */
export async function findInEngine(): Promise<{ engine: Engine; orphans: EngineOrphan[] } | undefined> {
  const found = await findEngine(quickMs);
  if ('reason' in found) return undefined;
  const { engine } = found;
  const all = await labelled(engine, ownerLabel);
  return { engine, orphans: all.filter(({ labels }) => isAbandoned(labels)) };
}

/** Removes one thing; what is gone by then is fine. */
export async function removeFromEngine(engine: Engine, { kind, id }: EngineOrphan): Promise<void> {
  if (kind === 'container') await engine.removeContainer(id);
  else if (kind === 'network') await patiently(() => engine.removeNetwork(id));
  else await patiently(() => engine.removeVolume(id));
}

/** Removes everything that carries a label, containers first: networks and volumes are in use by them. */
export async function removeLabelled(engine: Engine, label: string): Promise<void> {
  const all = await labelled(engine, label);
  for (const kind of kinds) {
    await Promise.all(all.filter((one) => one.kind === kind).map((one) => removeFromEngine(engine, one)));
  }
}

async function labelled(
  engine: Engine,
  label: string,
): Promise<(EngineOrphan & { labels: Record<string, string> })[]> {
  const found = await Promise.all([engine.containers(label), engine.networks(label), engine.volumes(label)]);
  return found.flatMap((things, index) =>
    things.map(({ id, name, labels }) => ({
      kind: kinds[index] ?? 'container',
      id,
      name,
      labels,
      owner: labels[ownerLabel] ?? '',
    })),
  );
}

/** The engine lets go of a removed container's network and volumes a moment later. */
async function patiently(remove: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await remove();
    } catch (error) {
      if (attempt === 20) throw error;
      await systemClock().sleep(50);
    }
  }
}
