/**
 * Joins neighbouring sends into one, up to the size that toxics work on: a chunk of many small messages does not become
 * as many small writes.
 */
import type { Chunk, Step } from '../../core/steps.ts';
import { send } from '../../core/steps.ts';

const largestBytes = 32 * 1024;

export function* mergeSends(steps: Iterable<Step>): Generator<Step> {
  const held: Chunk[] = [];
  let bytes = 0;
  for (const step of steps) {
    const chunk = step.kind === 'send' && step.item.kind === 'chunk' ? step.item : undefined;
    const length = chunk?.bytes.length ?? 0;
    if (chunk?.at !== held[0]?.at || bytes + length > largestBytes) {
      yield* join(held);
      bytes = 0;
    }
    bytes += length;
    if (chunk) held.push(chunk);
    else yield step;
  }
  yield* join(held);
}

function* join(held: Chunk[]): Generator<Step> {
  const [first, ...more] = held.splice(0);
  if (first && more.length === 0) yield send(first.bytes, first.at);
  else if (first) yield send(Buffer.concat([first, ...more].map(({ bytes }) => bytes)), first.at);
}
