import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { closeOnceGone } from '../../../proxy/core/sockets.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** A stream whose peer is there until it is not: then a write fails, as on a socket that the system has dropped. */
function streamTo(peer: { gone: boolean }): Duplex {
  const stream = new Duplex({
    read: () => {},
    write: (_bytes, _encoding, done) => done(peer.gone ? new Error('write EPIPE') : null),
  });
  return stream.on('error', () => {});
}

it('keeps a stream that ended as long as its peer waits, and closes it within two minutes after that', async () => {
  const clock = manualClock();
  const peer = { gone: false };
  const stream = streamTo(peer);
  const closed = closeOnceGone(stream, clock);

  await clock.advance(600_000);
  expect(stream.destroyed).toBe(false);
  expect(stream.writableEnded).toBe(false);

  peer.gone = true;
  await clock.advance(120_000);
  expect(stream.destroyed).toBe(true);
  await closed;
});

it('stops watching a stream that is closed otherwise', async () => {
  const clock = manualClock();
  const stream = streamTo({ gone: false });
  const closed = closeOnceGone(stream, clock);

  stream.destroy();

  await closed;
  expect(clock.sleepers).toBe(0);
});
