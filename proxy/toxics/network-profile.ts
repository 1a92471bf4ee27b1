/**
 * `network_profile`: both directions of a connection are as slow as those of a named network. What arrives is first
 * put on the line, at the rate of its direction, and then takes half a round trip; both are counted from the arrival,
 * so messages overlap on the way as they do in a network. The figures and their sources are in `network-profiles.ts`.
 */

import { choice } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import type { Random } from '../core/random.ts';
import { type Chunk, pass, type Step, send, until } from '../core/steps.ts';
import { type Behaviour, defineToxic } from '../core/toxic-type.ts';
import { delayAt } from './shared/delay-distribution.ts';
import { type NetworkProfile, networkProfileNames, networkProfiles } from './shared/network-profiles.ts';
import { drawNormal } from './shared/normal.ts';

/** What is put on the line at once: as much as passes in this time. */
const sliceMs = 50;

export const networkProfile = defineToxic({
  type: 'network_profile',
  summary: '3G, satellite, VPN, hotel Wi-Fi …',
  attributes: { profile: choice(networkProfileNames) },
  queueChunks: 256,
  startBoth: (context) => {
    const profile = (): NetworkProfile => networkProfiles[context.attributes.profile];

    function behaviour(stream: Stream, rate: (of: NetworkProfile) => number): Behaviour {
      const random = context.random.fork(stream);
      let lineFreeAt = 0;

      function* carry(chunk: Chunk): Generator<Step> {
        const delayMs = oneWayDelay(profile(), random);
        const bytesPerMs = rate(profile()) / 8 || Number.POSITIVE_INFINITY;
        const sliceBytes = Math.ceil(bytesPerMs * sliceMs);
        for (let from = 0; from < chunk.bytes.length; from += sliceBytes) {
          const slice = chunk.bytes.subarray(from, from + sliceBytes);
          lineFreeAt = Math.max(lineFreeAt, chunk.at) + slice.length / bytesPerMs;
          const due = lineFreeAt + delayMs;
          yield until(due);
          // Sent on without waiting, since the toxic was changed: the line is free again.
          if (context.now() < due) lineFreeAt = Math.min(lineFreeAt, context.now());
          yield send(slice, Math.min(due, context.now()));
        }
      }
      return {
        *chunk(chunk) {
          const reason = `as on ${context.attributes.profile}`;
          const touched = { reason, bytes: chunk.bytes.length, delivered: true };
          if (context.strikeOnce(touched)) yield* carry(chunk);
          else yield pass(chunk);
        },
      };
    }
    return {
      upstream: behaviour('upstream', ({ upKbps }) => upKbps),
      downstream: behaviour('downstream', ({ downKbps }) => downKbps),
    };
  },
});

/** Half a round trip; two draws of it deviate as the round trip does. */
function oneWayDelay({ distribution, rttMs, deviationMs }: NetworkProfile, random: Random): number {
  const normal = drawNormal(random);
  return delayAt({ distribution, mean: rttMs / 2, deviation: deviationMs / Math.SQRT2 }, { normal });
}
