/** What few clients and servers send passes untouched through toxics that read it and have nothing to do, however it is split. */
import { describe, expect, it } from 'vitest';
import { ToxicRig } from '../../unit/proxy/toxic-rig.ts';
import { allSamples } from './all-samples.ts';
import type { Message, Sample } from './samples/sample.ts';
import { unusualDialogues } from './samples/unusual.ts';

const readsAProtocol = ({ type }: Sample): boolean => /^(http|http2|websocket|mysql|tls)_/.test(type);
const harmless = new Map(
  allSamples
    // It counts upgrades, of which some dialogues have several.
    .filter((sample) => readsAProtocol(sample) && sample.type !== 'websocket_refuse')
    .filter((sample) => sample.harmless !== undefined)
    .map((sample) => [JSON.stringify([sample.type, sample.stream, sample.harmless]), sample]),
);
/** A dialogue of more bytes is not sent byte by byte. */
const fewBytes = 3_000;

const sent = (messages: readonly Message[], stream: Message['stream']): string =>
  Buffer.concat(messages.filter((message) => message.stream === stream).map(({ bytes }) => bytes)).toString(
    'latin1',
  );

function expectAllArrived(rig: ToxicRig, messages: readonly Message[]): void {
  expect(rig.output('upstream')).toBe(sent(messages, 'upstream'));
  expect(rig.output('downstream')).toBe(sent(messages, 'downstream'));
}

describe.each(unusualDialogues)('$protocol: $title', ({ protocol, messages }) => {
  const total = messages.reduce((sum, { bytes }) => sum + bytes.length, 0);

  it.each([
    ['as it comes', Number.POSITIVE_INFINITY],
    ['in pieces', total > fewBytes ? 50_000 : 1],
  ])('passes %s', async (_, size) => {
    for (const { type, stream = 'downstream', harmless: attributes } of harmless.values()) {
      const rig = new ToxicRig({ type, stream, attributes });
      for (const [index, message] of messages.entries()) {
        for (let at = 0; at < message.bytes.length; at += size)
          rig.arrive(message.bytes.subarray(at, at + size), message.stream);
        // The beginning may be another protocol's. What reads records of TLS waits for whole ones.
        if (index === 0) await rig.advance(500);
        if (!type.startsWith('tls_') || protocol !== 'tls_')
          expectAllArrived(rig, messages.slice(0, index + 1));
        await rig.advance(1);
      }

      expectAllArrived(rig, messages);
      expect(rig.strikes).toEqual([]);
    }
  });
});
