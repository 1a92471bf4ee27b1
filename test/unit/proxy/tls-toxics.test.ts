/** What the toxics that read TLS do to handshakes of node:tls, record by record. */
import { expect, it } from 'vitest';
import type { Stream } from '../../../proxy/core/events.ts';
import { TlsRecordReader } from '../../../proxy/protocols/tls-records.ts';
import { type Flight, recordHandshake } from './protocols/recorded-handshake.ts';
import { ToxicRig } from './toxic-rig.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const full = { 'TLSv1.2': await recordHandshake({ version: 'TLSv1.2' }), 'TLSv1.3': await recordHandshake() };
const resume = async (version: (typeof versions)[number]) => {
  const { session } = full[version];
  return recordHandshake({ version, ...(session ? { session } : {}) });
};
const resumed = { 'TLSv1.2': await resume('TLSv1.2'), 'TLSv1.3': await resume('TLSv1.3') };

const streamOf = ({ from }: Flight): Stream => (from === 'client' ? 'upstream' : 'downstream');

function play(rig: ToxicRig, flights: readonly Flight[]): void {
  for (const flight of flights) rig.arrive(flight.bytes, streamOf(flight));
}

const sent = (flights: readonly Flight[], stream: Stream): Buffer =>
  Buffer.concat(flights.filter((flight) => streamOf(flight) === stream).map(({ bytes }) => bytes));

/** The records of a direction that came out. */
const recordsOut = (rig: ToxicRig, stream: Stream): Buffer[] =>
  recordsOf(Buffer.from(rig.output(stream), 'latin1'));
const recordsOf = (bytes: Buffer): Buffer[] =>
  new TlsRecordReader().push(bytes).map((record) => record.bytes);

it.each(
  versions,
)('tls_cut at certificate strikes a resumed %s handshake where one would stand', (version) => {
  const rig = new ToxicRig({ type: 'tls_cut', attributes: { stage: 'certificate' } });

  play(rig, resumed[version].flights);

  expect(resumed[version].resumed).toBe(true);
  expect(rig.strikes).toMatchObject([{ reason: 'reset at certificate', stream: 'downstream' }]);
  expect(recordsOut(rig, 'downstream').length).toBeLessThan(
    recordsOf(sent(resumed[version].flights, 'downstream')).length,
  );
  expect(rig.outcomes.at(-1)?.what).toBe('close reset');
});

it('tls_cut says at which byte of its direction the record stood', () => {
  const rig = new ToxicRig({ type: 'tls_cut', attributes: { stage: 'finished' } });

  play(rig, full['TLSv1.2'].flights);

  expect(rig.strikes).toMatchObject([{ stream: 'upstream', offset: rig.output('upstream').length }]);
});

it.each(
  versions,
)('tls_corrupt changes one bit of the record of %s that is meant, and no other', (version) => {
  const { flights } = full[version];
  for (const stream of ['upstream', 'downstream'] as const) {
    const rig = new ToxicRig({ type: 'tls_corrupt', stream, attributes: {} });
    play(rig, flights);

    const before = recordsOf(sent(flights, stream));
    const after = recordsOut(rig, stream);
    const changed = before.flatMap((record, index) => (after[index]?.equals(record) ? [] : [index]));
    expect(after).toHaveLength(before.length);
    expect(changed).toHaveLength(1);
    const [index = 0] = changed;
    const bits = [...(before[index] ?? [])].map((byte, at) => byte ^ (after[index]?.[at] ?? 0));
    expect(bits.filter((bit) => bit !== 0)).toHaveLength(1);
    expect(bits.findIndex((bit) => bit !== 0)).toBeGreaterThanOrEqual(5);
    expect(before[index]?.[0]).toBe(23);
    expect(rig.strikes).toMatchObject([{ reason: 'flip record 1 of application_data', stream }]);
    expect(rig.strikes[0]?.offset).toBe(Buffer.concat(before.slice(0, index)).length);
    const other = stream === 'upstream' ? 'downstream' : 'upstream';
    expect(rig.output(other)).toBe(sent(flights, other).toString('latin1'));
  }
});

it('tls_corrupt flips the same bit with the same seed, another with another', () => {
  const outputs = [1, 1, 2].map((seed) => {
    const rig = new ToxicRig({ type: 'tls_corrupt', attributes: { kind: 'handshake' } }, { seed });
    play(rig, full['TLSv1.3'].flights);
    return rig.output('downstream');
  });

  expect(outputs[1]).toBe(outputs[0]);
  expect(outputs[2]).not.toBe(outputs[0]);
});

it('tls_corrupt sends a record twice, or leaves it out', () => {
  const { flights } = full['TLSv1.2'];
  const before = recordsOf(sent(flights, 'upstream'));
  const outcome = (how: string): Buffer[] => {
    const rig = new ToxicRig({
      type: 'tls_corrupt',
      stream: 'upstream',
      attributes: { kind: 'any', record: 2, how },
    });
    play(rig, flights);
    return recordsOut(rig, 'upstream');
  };

  expect(outcome('duplicate')).toEqual([...before.slice(0, 2), ...before.slice(1)]);
  expect(outcome('drop')).toEqual(before.toSpliced(1, 1));
});

it('tls_corrupt acts on each direction once when made for both', () => {
  const rig = new ToxicRig({ type: 'tls_corrupt', stream: 'both', attributes: {} });

  play(rig, full['TLSv1.3'].flights);

  expect(rig.strikes.map(({ stream }) => stream).sort()).toEqual(['downstream', 'upstream']);
});

it.each(versions)("tls_truncate leaves out the client's close_notify of %s, and nothing else", (version) => {
  const { flights } = full[version];
  const rig = new ToxicRig({ type: 'tls_truncate', stream: 'upstream', attributes: {} });

  play(rig, flights);
  rig.arriveEnd('upstream');

  expect(recordsOut(rig, 'upstream')).toEqual(recordsOf(sent(flights, 'upstream')).slice(0, -1));
  expect(rig.outcomes.filter(({ what }) => what === '<end>')).toMatchObject([{ stream: 'upstream' }]);
  expect(rig.strikes).toMatchObject([{ reason: 'FIN without close_notify', delivered: false }]);
});

it('tls_truncate ends TLS 1.2 in place of the close_notify, without waiting for a FIN', () => {
  const rig = new ToxicRig({ type: 'tls_truncate', stream: 'upstream', attributes: {} });

  play(rig, full['TLSv1.2'].flights);

  expect(rig.strikes).toHaveLength(1);
  expect(rig.outcomes.filter(({ what }) => what === '<end>')).toMatchObject([{ stream: 'upstream' }]);
});

it('tls_truncate hands on a record of an alert’s size when no FIN follows it', async () => {
  const rig = new ToxicRig({ type: 'tls_truncate', stream: 'upstream', attributes: { hold: 50 } });
  play(rig, full['TLSv1.3'].flights);
  await rig.advance(49);
  const before = rig.output('upstream').length;
  await rig.advance(2);

  expect(before).toBe(sent(full['TLSv1.3'].flights, 'upstream').length - 24);
  expect(rig.output('upstream')).toBe(sent(full['TLSv1.3'].flights, 'upstream').toString('latin1'));
  expect(rig.strikes).toEqual([]);
});

it.each(versions)('tls_truncate closes %s after so many records of application data', (version) => {
  const rig = new ToxicRig({ type: 'tls_truncate', stream: 'upstream', attributes: { records: 1 } });

  play(rig, full[version].flights);

  expect(rig.outcomes.at(-1)?.what).toBe('close fin');
  expect(recordsOut(rig, 'upstream').at(-1)?.[0]).toBe(23);
  expect(recordsOut(rig, 'upstream')).toEqual(
    recordsOf(sent(full[version].flights, 'upstream')).slice(0, -1),
  );
  expect(rig.strikes).toMatchObject([{ reason: 'closed after record 1', delivered: true }]);
});

it('tls_truncate closes after the next record when more have passed than an update allows', () => {
  const { flights } = full['TLSv1.2'];
  const data = recordsOf(sent(flights, 'upstream')).at(-2) ?? Buffer.alloc(0);
  const rig = new ToxicRig({ type: 'tls_truncate', stream: 'upstream', attributes: { records: 1_000 } });
  play(rig, flights);
  rig.arrive(data, 'upstream');
  rig.arrive(data, 'upstream');
  const before = rig.strikes.length;

  rig.update({ attributes: { records: 2 } });
  rig.arrive(data, 'upstream');

  expect(before).toBe(0);
  expect(rig.outcomes.at(-1)?.what).toBe('close fin');
  expect(rig.strikes).toMatchObject([{ reason: 'closed after record 4', delivered: true }]);
});

it('tls_alert answers the ClientHello, which the server never sees', () => {
  const rig = new ToxicRig({ type: 'tls_alert', attributes: { description: 70 } });

  play(rig, full['TLSv1.3'].flights.slice(0, 1));

  expect(rig.outcomes.map(({ what }) => what)).toEqual(['\x15\x03\x03\x00\x02\x02\x46', 'close fin']);
  expect(rig.strikes).toMatchObject([
    { reason: 'answered by fatal alert 70', stream: 'upstream', delivered: false },
  ]);
});

it('tls_alert lets the handshake go on after a warning', () => {
  const { flights } = full['TLSv1.2'];
  const rig = new ToxicRig({ type: 'tls_alert', attributes: { description: 112, level: 'warning' } });

  play(rig, flights);

  expect(rig.output('upstream')).toBe(sent(flights, 'upstream').toString('latin1'));
  expect(rig.output('downstream')).toBe(
    `\x15\x03\x03\x00\x02\x01\x70${sent(flights, 'downstream').toString('latin1')}`,
  );
});

it.each([
  'tls_cut',
  'tls_corrupt',
  'tls_truncate',
  'tls_alert',
])('%s lets pass what is no TLS, and what stood in an unfinished record before a reset', (type) => {
  const rig = new ToxicRig({ type, stream: 'upstream', attributes: {} });
  rig.arrive('GET / HTTP/1.1\r\n\r\n', 'upstream');
  expect(rig.output('upstream')).toBe('GET / HTTP/1.1\r\n\r\n');

  const cut = new ToxicRig({ type, stream: 'upstream', attributes: {} });
  const hello = full['TLSv1.3'].flights[0]?.bytes.subarray(0, 50) ?? Buffer.alloc(0);
  cut.arrive(hello, 'upstream');
  cut.arriveEnd('upstream', 'reset');
  expect(cut.outcomes.map(({ what }) => what)).toEqual([hello.toString('latin1'), '<reset>']);
});

it('tls_truncate lets nothing overtake an alert that it holds', () => {
  const rig = new ToxicRig({ type: 'tls_truncate', attributes: {} }, { foundOpen: true, passed: 1_000 });
  const alert = Buffer.concat([Buffer.from('1503030013', 'hex'), Buffer.alloc(19, 'a')]);
  rig.arrive(Buffer.concat([alert, Buffer.from('no record')]));

  expect(rig.output()).toBe(`${alert.toString('latin1')}no record`);
});
