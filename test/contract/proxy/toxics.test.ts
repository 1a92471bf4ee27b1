/** What every toxic keeps to, whatever its effect. */

import { describe, expect, it } from 'vitest';
import { attributesAtPace, type ToxicValues } from '../../../harness/faults/pace.ts';
import { toxicTypes } from '../../../proxy/toxics/index.ts';
import { occasionAttributes } from '../../../proxy/toxics/shared/occasions.ts';
import fc from '../../support/fast-check.ts';
import { ToxicRig } from '../../unit/proxy/toxic-rig.ts';
import { allSamples as samples } from './all-samples.ts';
import { type Message, plainDialogue } from './samples/sample.ts';

/** They act when a connection is accepted, before there is anything to carry. */
const acceptTypes = ['silence_accept', 'refuse_connection'];

it('covers every type', () => {
  const covered = new Set([...samples.map(({ type }) => type), ...acceptTypes]);

  expect([...covered].sort()).toEqual([...toxicTypes.keys()].sort());
});

it('plays every integer of a type, so that a time without its unit would show in slow motion', () => {
  const integers = [...toxicTypes.values()].flatMap(({ type, attributes }) =>
    Object.entries(attributes)
      .filter(
        ([name, { range }]) =>
          /integer|^at least|^-?\d+ to \d+$/.test(range) && !(name in occasionAttributes),
      )
      .map(([name]) => `${type}.${name}`),
  );
  const played = new Set(
    samples.flatMap(({ type, attributes }) => Object.keys(attributes).map((name) => `${type}.${name}`)),
  );

  expect(integers.filter((name) => !played.has(name))).toEqual([]);
});

/** The dialogue at uneven times, then FIN both ways. */
async function play(
  rig: ToxicRig,
  dialogue: readonly Message[],
  onMessage: (index: number) => void = () => {},
  slowness = 1,
): Promise<void> {
  for (const [index, { stream, bytes }] of dialogue.entries()) {
    onMessage(index);
    rig.arrive(bytes, stream);
    await rig.advance(((index * 7) % 30) * slowness);
  }
  rig.arriveEnd('upstream');
  rig.arriveEnd('downstream');
  await rig.advance(5_000 * slowness);
}

/** When each byte came out, and each end. */
function moments({ outcomes }: ToxicRig): { readonly what: string; readonly at: number }[] {
  return outcomes.flatMap(({ at, stream, what }) =>
    stream === undefined || /^<(end|reset)>$/.test(what)
      ? [{ what: `${stream} ${what}`, at }]
      : Array.from(what, (byte) => ({ what: `${stream} ${byte}`, at })),
  );
}

function atPace(type: string, attributes: object, pace: number): ToxicValues {
  const known = toxicTypes.get(type);
  if (!known) throw new Error(`No toxic ${type}`);
  return attributesAtPace(known, { ...attributes }, pace);
}

const sent = (dialogue: readonly Message[], stream: Message['stream']): string =>
  Buffer.concat(dialogue.filter((message) => message.stream === stream).map(({ bytes }) => bytes)).toString(
    'latin1',
  );

/** Every message at its own time, unchanged. */
async function untouched(dialogue: readonly Message[]): Promise<string[]> {
  const rig = new ToxicRig({ type: 'noop' });
  await play(rig, dialogue);
  return rig.log();
}

/** What the peers see in the end, whatever the time: the bytes of both directions, and what became of the connection. */
const effect = (rig: ToxicRig) => ({
  upstream: rig.output('upstream'),
  downstream: rig.output('downstream'),
  connection: rig.outcomes.filter(({ stream }) => stream === undefined).map(({ what }) => what),
});

/** The same bytes in the same order, each message in parts. */
function split(dialogue: readonly Message[], cuts: readonly number[]): Message[] {
  return dialogue.flatMap(({ stream, bytes }, index) => {
    const parts: Message[] = [];
    for (let from = 0; from < bytes.length; ) {
      const length = cuts[(index * 3 + parts.length) % cuts.length] ?? bytes.length;
      parts.push({ stream, bytes: bytes.subarray(from, from + length) });
      from += length;
    }
    return parts;
  });
}

describe.each(samples)('$type $attributes', ({
  type,
  stream = 'downstream',
  attributes,
  harmless,
  loses,
  dialogue = plainDialogue,
  acts = true,
  scales = true,
  leavesBehind,
}) => {
  const sentUp = sent(dialogue, 'upstream');
  const sentDown = sent(dialogue, 'downstream');

  if (acts)
    it('has an effect, and says so', async () => {
      const rig = new ToxicRig({ type, stream, attributes });
      await play(rig, dialogue);

      expect(rig.strikes.length).toBeGreaterThan(0);
      expect(rig.log()).not.toEqual(await untouched(dialogue));
    });

  if (harmless !== undefined)
    it('changes nothing with harmless values', async () => {
      const rig = new ToxicRig({ type, stream, attributes: harmless });
      await play(rig, dialogue);

      expect(effect(rig)).toEqual({ upstream: sentUp, downstream: sentDown, connection: [] });
      expect(rig.strikes).toEqual([]);
    });

  if (scales)
    it('does the same in slow motion, with its times and rates converted by their units', async () => {
      const slowness = 16;
      const usual = new ToxicRig({ type, stream, attributes });
      await play(usual, dialogue);
      const slow = new ToxicRig({ type, stream, attributes: atPace(type, attributes, 1 / slowness) });
      await play(slow, dialogue, undefined, slowness);

      const expected = moments(usual);
      const actual = moments(slow);
      expect(actual.map(({ what }) => what)).toEqual(expected.map(({ what }) => what));
      // What is drawn is drawn in whole milliseconds.
      for (const [index, { at }] of actual.entries())
        expect(Math.abs(at / slowness - (expected[index]?.at ?? Number.NaN))).toBeLessThanOrEqual(1);
    });

  it('changes nothing on a connection to which it does not apply', async () => {
    for (const selection of [{ toxicity: 0 }, { only: { nth: [2] } }, { only: { share: 0 } }]) {
      const rig = new ToxicRig({ type, stream, attributes, ...selection });
      await play(rig, dialogue);

      expect(rig.log()).toEqual(await untouched(dialogue));
    }
  });

  it('changes nothing when it has no strikes left', async () => {
    const rig = new ToxicRig({ type, stream, attributes, only: { strikes: 0 } });
    await play(rig, dialogue);

    expect(effect(rig)).toEqual({ upstream: sentUp, downstream: sentDown, connection: [] });
    expect(rig.strikes).toEqual([]);
  });

  it('leaves the bytes before from_bytes alone', async () => {
    const rig = new ToxicRig({ type, stream, attributes, only: { from_bytes: 25 } });
    rig.arrive('x'.repeat(30));

    expect(rig.output().slice(0, 25)).toBe('x'.repeat(25));
    expect(rig.outcomes[0]?.at).toBe(0);
  });

  it('does the same with the same seed', async () => {
    const first = new ToxicRig({ type, stream, attributes }, { seed: 7, connection: 3 });
    const second = new ToxicRig({ type, stream, attributes }, { seed: 7, connection: 3 });
    await play(first, dialogue);
    await play(second, dialogue);

    expect(second.log()).toEqual(first.log());
    expect(second.strikes).toEqual(first.strikes);
  });

  it('has the same effect however the bytes are split', async () => {
    const whole = new ToxicRig({ type, stream, attributes });
    for (const { stream, bytes } of dialogue) whole.arrive(bytes, stream);
    await whole.advance(60_000);

    const cuts = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (lengths) => {
        const parts = new ToxicRig({ type, stream, attributes });
        for (const { stream, bytes } of split(dialogue, lengths)) parts.arrive(bytes, stream);
        await parts.advance(60_000);

        expect(effect(parts)).toEqual(effect(whole));
      }),
      { numRuns: 20 },
    );
  });

  it('lifts cleanly: what comes later passes at once', async () => {
    const rig = new ToxicRig({ type, stream, attributes });
    rig.lift();
    rig.arrive('later');
    await rig.advance(10_000);

    expect(rig.log()).toEqual([leavesBehind ?? '0: later']);
  });

  if (!loses)
    it('loses no byte and keeps the order when lifted or changed in mid-traffic', async () => {
      const middle = Math.ceil(dialogue.length / 2);
      const lifted = new ToxicRig({ type, stream, attributes });
      await play(lifted, dialogue, (index) => index === middle && lifted.lift());
      expect(lifted.output('upstream')).toBe(sentUp);
      expect(lifted.output('downstream')).toBe(sentDown);

      const changed = new ToxicRig({ type, stream, attributes });
      await play(changed, dialogue, (index) => index % 4 === 0 && changed.update({}));
      changed.lift();
      expect(changed.output('upstream')).toBe(sentUp);
      expect(changed.output('downstream')).toBe(sentDown);
    });
});
