/** The variants of a workload, in a process of its own: how a version of the lab is measured by another. */
import type { Take } from '../rounds/summarize-row.ts';
import type { Variant } from '../rounds/take-rounds.ts';
import type { OpenOptions } from '../workload.ts';
import { workloads } from '../workloads/index.ts';
import { type Job, serveKinds } from './helper.ts';

const variants = new Map<string, Variant<Take>>();

/** What it can do. */
const kinds: Readonly<Record<string, (job: Job) => Promise<unknown>>> = {
  /** Starts a workload; gives back the ids of its variants. */
  open: async (job) => {
    const { workload: name, seed, quick } = job as unknown as OpenOptions & { workload: string };
    const workload = workloads.find((one) => one.name === name);
    const opened = await workload?.open?.({ seed, quick });
    for (const variant of opened?.variants ?? []) variants.set(variant.id, variant);
    return [...variants.keys()];
  },
  /** Takes one of them. */
  take: async ({ id }) => {
    const variant = variants.get(String(id));
    if (!variant) throw new RangeError(`Expected a variant that was opened, got ${id}`);
    return await variant.take();
  },
};

// What was opened ends with this process: its own helpers end when it is gone.
serveKinds(kinds);
