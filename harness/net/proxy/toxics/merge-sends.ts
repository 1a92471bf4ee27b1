/** Joins neighbouring sends into one: a chunk of many small messages does not become as many small writes. */
import type { Chunk, Step } from '../plane/steps.ts';
import { send } from '../plane/steps.ts';

export function* mergeSends(steps: Iterable<Step>): Generator<Step> {
  const held: Chunk[] = [];
  for (const step of steps) {
    const chunk = step.kind === 'send' && step.item.kind === 'chunk' ? step.item : undefined;
    if (chunk?.at !== held[0]?.at) yield* join(held);
    if (chunk) held.push(chunk);
    else yield step;
  }
  yield* join(held);
}

function* join(held: Chunk[]): Generator<Step> {
  const [first, ...more] = held.splice(0);
  if (first) yield send(Buffer.concat([first, ...more].map(({ bytes }) => bytes)), first.at);
}
