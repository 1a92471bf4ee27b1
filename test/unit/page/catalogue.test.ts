import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../harness/page/catalogue.ts';
import { toxicTypes } from '../../../proxy/index.ts';

describe('the catalogue of toxics', () => {
  it('has every kind with every attribute, and a form for each', () => {
    const kinds = catalogue();

    expect(kinds.map(({ type }) => type).toSorted()).toEqual([...toxicTypes.keys()].toSorted());
    for (const { type, attributes, summary } of kinds) {
      expect(summary, type).not.toBe('');
      expect(attributes.map(({ name }) => name)).toEqual(Object.keys(toxicTypes.get(type)?.attributes ?? {}));
    }
  });

  it('survives JSON as it is', () => {
    expect(JSON.parse(JSON.stringify(catalogue()))).toEqual(catalogue());
  });

  it('tells bounds, words and units as data', () => {
    const fields = Object.fromEntries(
      catalogue().flatMap(({ type, attributes }) => attributes.map((one) => [`${type}.${one.name}`, one])),
    );

    expect(fields['reset_idle.after']).toMatchObject({
      initial: 1_000,
      unit: 'ms',
      form: { kind: 'integer', min: 1 },
    });
    expect(fields['reset_idle.action']?.form).toEqual({
      kind: 'choice',
      words: ['reset', 'close', 'forget'],
    });
    expect(fields['latency.latency']?.form).toEqual({ kind: 'integer' });
    expect(fields['corrupt.probability']?.form).toEqual({ kind: 'decimal', min: 0, max: 1 });
    expect(fields['latency_distribution.trace']?.form).toEqual({ kind: 'integers', max: 100_000 });
    expect(fields['http_status.body']?.form).toEqual({ kind: 'text', max: 65_536 });
    expect(fields['reset_after.pass']?.form).toEqual({ kind: 'flag' });
  });

  it('begins with what knows no protocol', () => {
    expect([...new Set(catalogue().map(({ group }) => group))]).toEqual([
      'TCP and time',
      'TLS',
      'HTTP',
      'WebSocket',
      'MySQL',
    ]);
  });
});
