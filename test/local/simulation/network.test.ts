/** The memory network beside the system's loopback: what is believed of a simulation stands on this. */
import { afterEach, describe, expect, it } from 'vitest';
import { seal } from '../../../harness/simulation/seal/seal.ts';
import { Simulation } from '../../../harness/simulation/simulation.ts';
import { listenings, microBehaviours, playMicroBehaviour } from './micro-behaviours.ts';

seal();

let simulation: Simulation | undefined;
afterEach(() => simulation?.[Symbol.asyncDispose]());

/** Plays it within a simulation that begins and ends with it. */
async function simulated<T>(play: () => Promise<T>): Promise<T> {
  simulation = Simulation.start({ seed: 1 });
  const result = await play();
  expect(simulation.escapes.all).toEqual([]);
  await simulation[Symbol.asyncDispose]();
  return result;
}

describe('the memory network tells of a connection what loopback does', () => {
  it.for(microBehaviours)('$title', async (behaviour) => {
    const real = await playMicroBehaviour(behaviour);
    const inMemory = await simulated(() => playMicroBehaviour(behaviour));

    expect(inMemory).toEqual(real);
  });

  it.for(listenings)('$title', async ({ play }) => {
    const real = await play();

    expect(await simulated(play)).toEqual(real);
  });
});
