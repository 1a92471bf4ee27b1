/**
 * Tells a main thread that stands still from a machine that does. The witness is the processor: who spins gets its time, who is held in a
 * call neither runs nor wants to, and who is starved wants to and gets none.
 */

/** How a main thread stands still: it computes, or is held in a call that does not return. */
export type StandStill = 'spins' | 'blocks';

/** What is seen of the process at one look. */
export interface Look {
  /** How often the main thread has come to a turn of its event loop. */
  readonly beats: number;
  /** Processor time of the process so far. */
  readonly cpuMs: number;
  /** Whether the main thread runs, or would if it had a processor. */
  readonly runs: boolean;
  /** Real time. */
  readonly nowMs: number;
}

/** How long there may be no beat, in real milliseconds: of processor time that the process gets, or of being held. */
export const standStillBoundMs: Readonly<Record<StandStill, number>> = Object.freeze({
  spins: 10_000,
  blocks: 120_000,
});

/** Real milliseconds between two looks. */
export const lookEveryMs = 500;

/** Gives, look by look, how the main thread stands still once it has for too long. */
export function judgeLooks(first: Look): (look: Look) => StandStill | undefined {
  let before = first;
  let cpuAtBeatMs = first.cpuMs;
  let heldMs = 0;
  return (look) => {
    const passedMs = look.nowMs - before.nowMs;
    const beaten = look.beats !== before.beats;
    before = look;
    if (beaten) {
      cpuAtBeatMs = look.cpuMs;
      heldMs = 0;
      return undefined;
    }
    // A look that comes late tells of the machine.
    if (!look.runs && passedMs < 2 * lookEveryMs) heldMs += passedMs;
    if (look.cpuMs - cpuAtBeatMs >= standStillBoundMs.spins) return 'spins';
    return heldMs >= standStillBoundMs.blocks ? 'blocks' : undefined;
  };
}
