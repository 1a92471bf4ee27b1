import { expect, it } from 'vitest';
import type { FaultContext, LinkToxic } from '../../../harness/faults/fault.ts';
import { toxic } from '../../../harness/faults/toxic.ts';
import { defineToxic, duration, integer, registerToxic } from '../../../proxy/index.ts';

const hiccup = defineToxic({
  type: 'test_hiccup',
  attributes: { pause: duration({ min: 0 }), count: integer() },
  start: () => ({}),
});
registerToxic(hiccup);

/** What the link is given when the fault is put in force at this pace. */
async function inForce(fault: ReturnType<typeof toxic>, pace: number) {
  const given: LinkToxic[] = [];
  const link = {
    addToxic: async (_id: string, toxic: LinkToxic) => {
      given.push(toxic);
      return async () => {};
    },
  };
  await fault.install({ id: 'f', pace, link: () => link } as unknown as FaultContext);
  const { type, ...rest } = given[0] ?? expect.fail('no toxic was added');
  return { type: type.type, ...rest };
}

it('divides times by the pace, in the unit of each attribute', async () => {
  const slow = toxic({ type: 'slicer', attributes: { average_size: 400, delay: 50_000 } });
  const late = toxic({ type: 'latency', attributes: { latency: 2_000, jitter: 3 } });
  const traced = toxic({
    type: 'latency_distribution',
    attributes: { distribution: 'trace', trace: [0, 100, 2_000] },
  });

  expect((await inForce(slow, 20)).attributes).toEqual({
    average_size: 400,
    size_variation: 0,
    delay: 2_500,
  });
  expect((await inForce(late, 20)).attributes).toEqual({ latency: 100, jitter: 1 });
  expect((await inForce(traced, 20)).attributes).toMatchObject({ trace: [0, 5, 100], shape: 3 });
});

it('multiplies rates by the pace, so that as much gets through in a lab second', async () => {
  const narrow = toxic({ type: 'bandwidth', attributes: { rate: 3 } });

  expect((await inForce(narrow, 20)).attributes).toEqual({ rate: 60 });
});

it('leaves counts, codes, shares and words as they are', async () => {
  const refused = toxic({
    type: 'mysql_error',
    attributes: { code: 1205, nth: 2, share: 0.5, applied: true },
  });

  expect((await inForce(refused, 20)).attributes).toMatchObject({
    code: 1205,
    nth: 2,
    share: 0.5,
    applied: true,
  });
});

it('divides the times of the selector by the pace', async () => {
  const only = { after_ms: 60_000, for_ms: 10, since: 'toxic', first: 3 } as const;

  expect((await inForce(toxic({ type: 'stall', only }), 20)).only).toEqual({
    after_ms: 3_000,
    for_ms: 1,
    since: 'toxic',
    first: 3,
  });
});

it('journals what the scenario said, in lab time', () => {
  const fault = toxic({
    type: 'http_status',
    stream: 'both',
    toxicity: 0.5,
    attributes: { status: 502, path: '/api' },
    only: { strikes: 2 },
  });

  expect(fault).toMatchObject({
    kind: 'http_status',
    place: 'link',
    params: { stream: 'both', toxicity: 0.5, status: 502, path: '/api', only: { strikes: 2 } },
  });
});

it('takes a type of the user, once it is registered', async () => {
  const fault = toxic({ type: hiccup, attributes: { pause: 500, count: 7 } });

  expect(await inForce(fault, 10)).toEqual({ type: 'test_hiccup', attributes: { pause: 50, count: 7 } });
});

it('names the nearest word where a scenario says one that does not exist', () => {
  const unknown = defineToxic({ type: 'test_unregistered', attributes: {}, start: () => ({}) });
  const refused = (declare: () => unknown) => {
    try {
      declare();
    } catch (error) {
      return error;
    }
    return expect.fail('it was taken');
  };
  const code = 'LAB_BAD_INPUT';

  // @ts-expect-error no such type
  expect(refused(() => toxic({ type: 'http_statsu' }))).toMatchObject({
    code,
    message: 'There is no toxic http_statsu',
    hint: expect.stringContaining('Did you mean http_status?'),
  });
  // @ts-expect-error no such attribute
  expect(refused(() => toxic({ type: 'latency', attributes: { latencyMs: 5 } }))).toMatchObject({
    code,
    message: 'latency has no latencyMs: it has latency, jitter',
    hint: expect.stringContaining('Did you mean latency?'),
  });
  // @ts-expect-error no such key
  expect(refused(() => toxic({ type: 'latency', atributes: { latency: 5 } }))).toMatchObject({
    code,
    hint: expect.stringContaining('Did you mean attributes?'),
  });
  // @ts-expect-error no such word
  expect(refused(() => toxic({ type: 'cut', attributes: { action: 'rst' } }))).toMatchObject({
    code,
    message: expect.stringContaining('invalid attribute action: expected one of reset, close, stall'),
  });
  // @ts-expect-error no such criterion
  expect(refused(() => toxic({ type: 'stall', only: { frist: 1 } }))).toMatchObject({
    code,
    message: expect.stringContaining('invalid attribute only'),
  });
  // @ts-expect-error an attribute of another type
  expect(refused(() => toxic({ type: hiccup, attributes: { latency: 5 } }))).toMatchObject({ code });
  expect(refused(() => toxic({ type: 'mysql_error', attributes: { code: 0 } }))).toMatchObject({
    code,
    message: expect.stringContaining('invalid attribute code: expected at least 1, got 0'),
  });
  expect(refused(() => toxic({ type: unknown }))).toMatchObject({
    code,
    hint: expect.stringContaining('registerToxic'),
  });
});
