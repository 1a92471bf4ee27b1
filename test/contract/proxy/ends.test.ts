/** The table of ends (docs/proxy/ends.md): what becomes of a FIN or a RST under each toxic, before it acted and after. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toxicTypes } from '../../../proxy/toxics/index.ts';
import { allSamples } from './all-samples.ts';
import { MemoryConnection } from './memory-connection.ts';
import { plainDialogue, type Sample } from './samples/sample.ts';

const sides = ['client', 'server'] as const;
const ends = ['FIN', 'RST'] as const;
type Side = (typeof sides)[number];
type End = (typeof ends)[number];

/** How toxics treat ends: the first column of the table. */
type Treatment =
  | 'passes'
  | 'closes'
  | 'resets'
  | 'silent downstream'
  | 'silent upstream'
  | 'silent both'
  | 'held downstream'
  | 'held upstream'
  | 'held both'
  | 'resets downstream'
  | 'server gone'
  | 'client gone';

const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');
const label = ({ type, stream, attributes }: Sample): string =>
  [
    type,
    ...(stream ? [stream] : []),
    ...Object.entries(attributes).map(([key, value]) => `${key}=${value}`),
  ].join(' ');

/** Toxics whose ends depend on a value that no sample has. */
const further: readonly Sample[] = [
  { type: 'silence_accept', attributes: {}, loses: true },
  { type: 'refuse_connection', attributes: {}, loses: true },
  { type: 'blackhole', stream: 'upstream', attributes: {}, loses: true },
  { type: 'blackhole', stream: 'both', attributes: {}, loses: true },
  { type: 'stall', stream: 'upstream', attributes: {}, loses: false },
  { type: 'stall', stream: 'both', attributes: {}, loses: false },
  { type: 'cut', stream: 'upstream', attributes: { action: 'stall' }, loses: false },
  { type: 'half_open', attributes: { gone: 'client' }, loses: true },
  { type: 'half_open', attributes: { gone_by: 'close' }, loses: true },
  { type: 'half_open', attributes: { gone: 'client', gone_by: 'close' }, loses: true },
  { type: 'bandwidth', attributes: { rate: 0 }, loses: false },
  { type: 'timeout', attributes: { timeout: 0 }, loses: true },
  { type: 'reset_idle', attributes: { after: 60, action: 'forget' }, loses: true },
  { type: 'reset_idle', attributes: { after: 60, action: 'close' }, loses: true },
  { type: 'lifetime', attributes: { after: 100, action: 'close' }, loses: true },
];

const unique = new Map([...allSamples, ...further].map((sample) => [label(sample), sample]));

/** What the page says of a toxic: the first row whose words are all in its label, or that ends pass. */
function rowOf(sample: Sample): Row {
  const words = label(sample).split(' ');
  const row = rows.find(({ toxics }) =>
    toxics.some((toxic) => toxic.split(' ').every((word) => words.includes(word))),
  );
  return row ?? everyOther;
}

interface Row {
  readonly toxics: readonly string[];
  readonly before: Treatment;
  readonly after: Treatment;
}

/** A toxic without a row of its own. */
const everyOther: Row = { toxics: [], before: 'passes', after: 'passes' };

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/proxy/ends.md'), 'utf8');
const rows: readonly Row[] = [...page.matchAll(/^\| (`.*) \| ([a-z ]+) \| ([a-z ]+) \|$/gm)].map(
  ([, toxics = '', before, after]) => ({
    toxics: [...toxics.matchAll(/`([^`]+)`/g)].map(([, toxic = '']) => toxic),
    before: before as Treatment,
    after: after as Treatment,
  }),
);

async function start({ type, stream = 'downstream', attributes }: Sample): Promise<MemoryConnection> {
  const connection = new MemoryConnection({ type, stream, attributes });
  await connection.clock.advance(1);
  return connection;
}

async function act(connection: MemoryConnection, { dialogue = plainDialogue }: Sample): Promise<void> {
  for (const { stream, bytes } of dialogue) {
    connection.write(stream, bytes);
    await connection.clock.advance(3);
  }
  await connection.clock.advance(2_000);
}

/** Longer than anything that a sample waits for. */
const longMs = 300_000;

async function end(connection: MemoryConnection, from: Side, how: End): Promise<void> {
  if (how === 'FIN') connection[from].fin();
  else connection[from].reset();
  await connection.clock.advance(longMs);
}

/** Whether the end of `from` must arrive at the other side. */
function lets(treatment: Treatment, from: Side): boolean {
  if (treatment === 'passes' || treatment === 'resets downstream') return true;
  if (treatment.endsWith('downstream')) return from === 'client';
  if (treatment.endsWith('upstream')) return from === 'server';
  return false;
}

const isOver = (treatment: Treatment): boolean => treatment === 'closes' || treatment === 'resets';
/** The side that a toxic left alone with a connection that is no more. */
const left: Partial<Record<Treatment, Side>> = { 'server gone': 'client', 'client gone': 'server' };

it('covers every type, and has no row that is not needed', () => {
  const used = new Set([...unique.values()].map(rowOf));

  expect(new Set([...unique.values()].map(({ type }) => type))).toEqual(new Set(toxicTypes.keys()));
  expect(rows.filter((row) => !used.has(row))).toEqual([]);
});

describe.each([...unique])('%s', (_label, sample) => {
  const { before, after } = rowOf(sample);

  it.each(['before', 'after'] as const)('treats an end as the page says, %s it acted', async (when) => {
    const treatment = when === 'before' ? before : after;
    for (const from of sides) {
      for (const how of ends) {
        const connection = await start(sample);
        if (when === 'after') await act(connection, sample);
        const alone = left[treatment];
        if (isOver(treatment) || alone) {
          const seen =
            { closes: 'FIN', resets: 'RST' }[treatment as 'closes' | 'resets'] ??
            expect.stringMatching(/FIN|RST/);
          for (const side of sides) expect(connection[side].seen).toEqual(side === alone ? 'nothing' : seen);
          if (alone) {
            await end(connection, alone, how);
            expect(connection[alone].seen).toBe(how === 'FIN' ? 'nothing' : 'RST');
          }
          continue;
        }

        expect([connection.client.seen, connection.server.seen]).toEqual(['nothing', 'nothing']);
        await end(connection, from, how);
        if (treatment === 'resets downstream' && how === 'FIN') {
          expect(connection.client.seen).toBe('RST');
          expect(connection.server.seen).toBe(from === 'client' ? 'FIN' : 'RST');
          continue;
        }
        const arrives = lets(treatment, from);
        expect(connection[other(from)].seen).toBe(arrives ? how : 'nothing');
        const answered = arrives && lets(treatment, other(from));
        if (how === 'FIN') expect(connection[from].seen).toBe(answered ? 'FIN' : 'nothing');
      }
    }
  });

  const silent = sides.filter(
    (side) => !lets(after, other(side)) && !isOver(after) && left[after] !== other(side),
  );
  if (silent.length > 0)
    it.each(silent)('lets the %s learn of no end, whoever ends first and how', async (side) => {
      for (const first of sides) {
        for (const how of ends) {
          for (const then of ends) {
            const connection = await start(sample);
            await act(connection, sample);
            await end(connection, first, how);
            // A peer that has reset its end has no connection any more to see anything on.
            if (first === side && how === 'RST') continue;
            expect(connection[side].seen).toBe('nothing');
            if (left[after] === undefined) await end(connection, other(first), then);
            if (other(first) === side && then === 'RST') continue;
            expect(connection[side].seen).toBe('nothing');
          }
        }
      }
    });

  if (after.startsWith('held'))
    it('hands on what it held when it is lifted', async () => {
      for (const side of silent) {
        for (const how of ends) {
          const connection = await start(sample);
          await act(connection, sample);
          await end(connection, other(side), how);
          expect(connection[side].seen).toBe('nothing');

          connection.lift();
          await connection.clock.advance(longMs);

          expect(connection[side].seen).toMatch(/FIN|RST/);
        }
      }
    });
});
