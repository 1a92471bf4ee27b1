import { expect, it } from 'vitest';
import { TlsHandshake } from '../../../../proxy/protocols/tls-handshake.ts';
import { TlsHandshakeCost } from '../../../../proxy/protocols/tls-handshake-cost.ts';
import { parseClientHello } from '../../../../proxy/protocols/tls-hello.ts';
import { TlsRecordKinds } from '../../../../proxy/protocols/tls-record-kinds.ts';
import { TlsRecordReader } from '../../../../proxy/protocols/tls-records.ts';
import fc from '../../../support/fast-check.ts';
import { type Flight, recordHandshake } from './recorded-handshake.ts';

const tls13 = await recordHandshake();
const tls12 = await recordHandshake({ version: 'TLSv1.2' });

/** Reads flights into a handshake; each flight in pieces of `size`. */
function follow(flights: readonly Flight[], size = Number.POSITIVE_INFINITY) {
  const handshake = new TlsHandshake();
  const readers = { client: new TlsRecordReader(), server: new TlsRecordReader() };
  const stages: string[] = [];
  for (const { from, bytes } of flights) {
    for (let at = 0; at < bytes.length; at += size) {
      for (const record of readers[from].push(bytes.subarray(at, at + size))) {
        stages.push(...handshake.record(from, record));
      }
    }
  }
  return { handshake, stages, readers };
}

const clientHelloRecord = (): Buffer => {
  const [first] = tls13.flights;
  if (!first) throw new Error('Expected a ClientHello first');
  return first.bytes;
};

it('gives back the same records however the bytes are split in two', () => {
  const bytes = clientHelloRecord();

  for (let split = 0; split <= bytes.length; split += 1) {
    const reader = new TlsRecordReader();
    const records = [...reader.push(bytes.subarray(0, split)), ...reader.push(bytes.subarray(split))];

    expect(records.map((record) => record.bytes)).toEqual([bytes]);
    expect(reader.broken).toBe(false);
  }
});

it('keeps every byte of any stream, as records or as rest', () => {
  const stream = Buffer.concat(
    tls12.flights.filter(({ from }) => from === 'server').map(({ bytes }) => bytes),
  );
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3_000 }), { maxLength: 20 }), fc.boolean(), (sizes, garbled) => {
      const bytes = garbled ? Buffer.concat([stream, Buffer.from('no TLS at all')]) : stream;
      const reader = new TlsRecordReader();
      const out: Buffer[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        out.push(...reader.push(bytes.subarray(at, at + size)).map((record) => record.bytes));
        at += size;
      }

      expect(Buffer.concat([...out, reader.takeRest()])).toEqual(bytes);
      expect(reader.broken).toBe(garbled);
    }),
  );
});

it('reads name, protocols and versions from a ClientHello', () => {
  const { handshake } = follow(tls13.flights);

  expect(handshake.clientHello).toMatchObject({
    serverName: 'server.test',
    alpn: ['h2', 'http/1.1'],
    versions: ['TLSv1.3'],
    offersResumption: false,
  });
});

it('reads the protocol that a TLS 1.2 server chose, and none in TLS 1.3, where it is encrypted', () => {
  expect(follow(tls12.flights).handshake.serverHello?.alpn).toBe('http/1.1');
  expect(follow(tls13.flights).handshake.serverHello?.alpn).toBeUndefined();
});

it('reads any cut or garbled ClientHello without throwing', () => {
  const body = clientHelloRecord().subarray(9);
  for (let length = 0; length < body.length; length += 1) parseClientHello(body.subarray(0, length));
  fc.assert(
    fc.property(fc.nat({ max: body.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
      const garbled = Buffer.from(body);
      garbled[at] = value;
      parseClientHello(garbled);
    }),
  );

  expect(parseClientHello(body.subarray(0, 40))).toBeUndefined();
});

it.each([
  { name: 'TLSv1.3', recorded: tls13 },
  { name: 'TLSv1.2', recorded: tls12 },
])('follows a $name handshake through its stages to the end, whatever the pieces', ({ name, recorded }) => {
  for (const size of [1, 2, 7, 100, 1_000, Number.POSITIVE_INFINITY]) {
    const { handshake, stages } = follow(recorded.flights, size);

    expect(stages).toEqual(['client_hello', 'server_hello', 'certificate', 'finished']);
    expect(handshake.serverHello?.version).toBe(name);
    expect(handshake.resumed).toBe(false);
    expect(handshake.complete).toBe(true);
  }
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)('tells a resumed %s handshake', async (version) => {
  const { session } = await recordHandshake({ version });
  const again = await recordHandshake({ version, ...(session ? { session } : {}) });
  const { handshake, stages } = follow(again.flights, 1);

  expect(again.resumed).toBe(true);
  expect(stages).toEqual(['client_hello', 'server_hello', 'certificate', 'finished']);
  expect(handshake.clientHello?.offersResumption).toBe(true);
  expect(handshake.resumed).toBe(true);
  expect(handshake.complete).toBe(true);
});

it('sees the alert with which a server turns a ClientHello down', async () => {
  const { flights } = await recordHandshake({ version: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' });
  const { handshake } = follow(flights);

  expect(handshake).toMatchObject({ stage: 'client_hello', alert: '40', complete: false });
});

it('tells an encrypted alert from a Finished by its size', () => {
  const serverFlight = tls13.flights.findIndex(({ from }) => from === 'server');
  const alert = Buffer.concat([Buffer.from([23, 3, 3, 0, 19]), Buffer.alloc(19)]);
  const { handshake } = follow([
    ...tls13.flights.slice(0, serverFlight + 1),
    { from: 'client', bytes: alert },
  ]);

  expect(handshake).toMatchObject({ stage: 'certificate', alert: 'encrypted', complete: false });
});

it('does not take a TLS 1.2 handshake for complete when the client closes right after it', async () => {
  const { flights } = await recordHandshake({ version: 'TLSv1.2', trusted: false });
  const { handshake } = follow(flights);

  expect(handshake).toMatchObject({ stage: 'finished', complete: false });
});

it('does not take a handshake for complete by its last flight alone', () => {
  for (const { flights } of [tls12, tls13]) {
    const lastFlight = flights.findIndex(
      (_, index) => follow(flights.slice(0, index + 1)).handshake.stage === 'finished',
    );
    const readers = { client: new TlsRecordReader(), server: new TlsRecordReader() };
    const handshake = new TlsHandshake();
    for (const { from, bytes } of flights.slice(0, lastFlight)) {
      for (const record of readers[from].push(bytes)) handshake.record(from, record);
    }
    const records = readers.client.push(flights[lastFlight]?.bytes ?? Buffer.alloc(0));
    for (const record of records) {
      handshake.record('client', record);
      if (handshake.stage === 'finished') break;
    }

    expect(handshake.stage).toBe('finished');
    expect(handshake.complete).toBe(false);
  }
});

it('has nothing to say about bytes that are no handshake', () => {
  const { handshake, readers } = follow([{ from: 'client', bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n') }]);

  expect(readers.client.broken).toBe(true);
  expect(handshake.stage).toBe('none');
});

/** The kinds of one side's records, each kind once in a row. */
function kindsOf(flights: readonly Flight[], side: Flight['from']): string[] {
  const kinds = new TlsRecordKinds();
  const readers = { client: new TlsRecordReader(), server: new TlsRecordReader() };
  return flights
    .flatMap(({ from, bytes }) =>
      readers[from].push(bytes).map((record) => ({ from, kind: kinds.kindOf(from, record) })),
    )
    .filter(({ from }) => from === side)
    .map(({ kind }) => kind)
    .filter((kind, index, all) => kind !== all[index - 1]);
}

it('tells what each record of TLS 1.2 carries by its type', () => {
  const whole = ['handshake', 'change_cipher_spec', 'handshake', 'application_data', 'alert'];

  expect(kindsOf(tls12.flights, 'client')).toEqual(whole);
  expect(kindsOf(tls12.flights, 'server')).toEqual(whole);
});

it('tells what each record of TLS 1.3 carries by its place and size', () => {
  const whole = ['handshake', 'change_cipher_spec', 'handshake', 'application_data', 'alert'];

  expect(kindsOf(tls13.flights, 'client')).toEqual(whole);
  expect(kindsOf(tls13.flights, 'server')).toEqual(whole);
});

/** What a handshake costs, with each flight in pieces of `size`. */
function costOf(flights: readonly Flight[], size: number) {
  const handshake = new TlsHandshake();
  const cost = new TlsHandshakeCost();
  const readers = { client: new TlsRecordReader(), server: new TlsRecordReader() };
  for (const { from, bytes } of flights) {
    for (let at = 0; at < bytes.length; at += size) {
      for (const record of readers[from].push(bytes.subarray(at, at + size))) {
        cost.record(from, record, handshake);
        handshake.record(from, record);
      }
    }
  }
  return cost;
}

it.each([
  { version: 'TLSv1.2', full: 2, resumed: 1 },
  { version: 'TLSv1.3', full: 1, resumed: 1 },
] as const)('counts $full round trips of a full $version handshake and $resumed of a resumed one', async (row) => {
  const first = await recordHandshake({ version: row.version });
  const again = await recordHandshake({
    version: row.version,
    ...(first.session ? { session: first.session } : {}),
  });

  for (const size of [1, 50, Number.POSITIVE_INFINITY]) {
    const full = costOf(first.flights, size);
    const resumed = costOf(again.flights, size);

    expect(full.roundTrips).toBe(row.full);
    expect(resumed.roundTrips).toBe(row.resumed);
    // What is left out is the certificate and its signature; a key share of X25519MLKEM768 alone takes 1,120 bytes.
    expect(full.bytes.server - resumed.bytes.server).toBeGreaterThan(500);
  }
});

it('counts the bytes of a handshake without those of the data after it', () => {
  for (const { flights } of [tls12, tls13]) {
    const short = costOf(flights, Number.POSITIVE_INFINITY);
    const data = {
      from: 'client',
      bytes: Buffer.concat([Buffer.from([23, 3, 3, 1, 0]), Buffer.alloc(256)]),
    } as const;
    const long = costOf([...flights, data], Number.POSITIVE_INFINITY);
    const sent = flights
      .filter(({ from }) => from === 'server')
      .reduce((sum, { bytes }) => sum + bytes.length, 0);

    expect(long).toEqual(short);
    expect(short.bytes.server).toBeLessThan(sent);
    expect(short.bytes.server).toBeGreaterThan(sent / 2);
  }
});

it('reads a hello in records of a byte each, and behind a message that is too long for a handshake', () => {
  const [first] = tls13.flights;
  const [hello] = new TlsRecordReader().push(first?.bytes ?? Buffer.alloc(0));
  const handshake = new TlsHandshake();
  const record = (body: Buffer) => handshake.record('client', { type: 22, bytes: body, body });
  record(Buffer.from('01ffffff00', 'hex'));
  const reached = [...(hello?.body ?? [])].flatMap((byte) => [
    ...record(Buffer.from([byte])),
    ...record(Buffer.alloc(0)),
  ]);

  expect(reached).toEqual(['client_hello']);
});
