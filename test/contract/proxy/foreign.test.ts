/** A toxic that reads a protocol leaves all others alone, from the first byte, whichever its direction, and says that it could not act. */

import { describe, expect, it } from 'vitest';
import { toxicTypes } from '../../../proxy/toxics/index.ts';
import fc from '../../support/fast-check.ts';
import { ToxicRig } from '../../unit/proxy/toxic-rig.ts';
import { allSamples } from './all-samples.ts';
import { type ForeignDialogue, foreignDialogues, mirrored, shortMessages } from './samples/foreign.ts';
import type { Message, Sample } from './samples/sample.ts';

const readsAProtocol = (type: string): boolean => /^(http|http2|websocket|mysql|tls)_/.test(type);
const unique = new Map(
  allSamples
    .filter(({ type }) => readsAProtocol(type))
    .map((sample) => [JSON.stringify([sample.type, sample.attributes]), sample]),
);
const samples = [...unique.values()];
const streams = ['upstream', 'downstream', 'both'] as const;

const dialogues = foreignDialogues.flatMap((dialogue) => [dialogue, mirrored(dialogue)]);
const foreignTo = ({ type }: Sample): ForeignDialogue[] =>
  dialogues.filter(({ readBy }) => !readBy.some((beginning) => type.startsWith(beginning)));

/** What the other side must have by now. */
const sent = (messages: readonly Message[], stream: Message['stream']): string =>
  Buffer.concat(messages.filter((message) => message.stream === stream).map(({ bytes }) => bytes)).toString(
    'latin1',
  );

function expectAllArrived(rig: ToxicRig, messages: readonly Message[]): void {
  expect(rig.output('upstream')).toBe(sent(messages, 'upstream'));
  expect(rig.output('downstream')).toBe(sent(messages, 'downstream'));
}

it('covers every type that reads a protocol', () => {
  const types = [...toxicTypes.keys()].filter(readsAProtocol);

  expect(new Set(samples.map(({ type }) => type))).toEqual(new Set(types));
});

describe.each(samples)('$type $attributes', (sample) => {
  const { type, attributes } = sample;

  it.each(foreignTo(sample))('passes $protocol as it comes, and says so once', async ({ messages }) => {
    for (const stream of streams) {
      const rig = new ToxicRig({ type, stream, attributes });
      for (const [index, message] of messages.entries()) {
        rig.arrive(message.bytes, message.stream);
        expectAllArrived(rig, messages.slice(0, index + 1));
        await rig.advance(1);
      }

      expect(rig.strikes).toEqual([]);
      expect(rig.skips).toEqual([expect.any(String)]);
    }
  });

  it('passes foreign bytes however they are split, within half a second', async () => {
    const foreign = fc.constantFrom(...foreignTo(sample));
    const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(foreign, cuts, fc.constantFrom(...streams), async ({ messages }, lengths, stream) => {
        const rig = new ToxicRig({ type, stream, attributes });
        for (const [index, message] of messages.entries()) {
          for (let from = 0, part = 0; from < message.bytes.length; part += 1) {
            const length = lengths[part % lengths.length] ?? 1;
            rig.arrive(message.bytes.subarray(from, from + length), message.stream);
            from += length;
          }
          if (index === 0) await rig.advance(500);
          expectAllArrived(rig, messages.slice(0, index + 1));
        }

        expect(rig.strikes).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(['upstream', 'downstream'] as const)('holds no single byte from %s for long', async (from) => {
    for (let byte = 0; byte < 256; byte += 1) {
      const rig = new ToxicRig({ type, stream: from, attributes });
      rig.arrive(Buffer.from([byte]), from);
      await rig.advance(500);

      expect(rig.output(from)).toBe(String.fromCharCode(byte));
    }
  });

  it.each([
    'Q /',
    'A-B *',
    'OPTION',
    'Q 1:2',
    'GET /key',
    'HTTP/1.1 is not spoken here',
  ])('holds no %j for long', async (beginning) => {
    for (const from of ['upstream', 'downstream'] as const) {
      const rig = new ToxicRig({ type, stream: 'both', attributes });
      rig.arrive(beginning, from);
      await rig.advance(500);

      expect(rig.output(from)).toBe(beginning);
    }
  });

  // That one may end a connection before anything was said.
  it.skipIf(type === 'mysql_kill_idle')(
    'holds nothing for long where it joins late (mysql_kill_idle may end what is idle)',
    async () => {
      const foreign = dialogues.filter(({ readBy }) => readBy.length === 0);
      for (const { messages } of [...foreign, shortMessages, mirrored(shortMessages)]) {
        for (const from of messages.keys()) {
          const rig = new ToxicRig({ type, stream: 'both', attributes }, { foundOpen: true, passed: 1_000 });
          const rest = messages.slice(from);
          for (const [index, message] of rest.entries()) {
            rig.arrive(message.bytes, message.stream);
            await rig.advance(500);
            expectAllArrived(rig, rest.slice(0, index + 1));
          }
        }
      }
    },
  );
});
