/** The parser of event streams, on the rules of WHATWG HTML, section 9.2.6. */

import { expect, it } from 'vitest';
import { EventStreamParser, type ServerEvent } from '../../../../services/agent/events/event-stream.ts';
import fc from '../../../support/fast-check.ts';

function parse(text: string, lastEventId = ''): { events: ServerEvent[]; retryMs: number | undefined } {
  const parser = new EventStreamParser(lastEventId);
  const events = parser.push(Buffer.from(text));
  return { events, retryMs: parser.retryMs };
}

const event = (data: string, rest: Partial<ServerEvent> = {}): ServerEvent => ({
  type: 'message',
  data,
  id: '',
  ...rest,
});

it.each([
  ['lines of data are joined', 'data: YHOO\ndata: +2\ndata: 10\n\n', [event('YHOO\n+2\n10')]],
  [
    'an id lasts until another comes',
    'data: a\nid: 1\n\ndata: b\n\n',
    [event('a', { id: '1' }), event('b', { id: '1' })],
  ],
  ['an empty id takes it back', 'id: 1\ndata: a\n\ndata: b\nid\n\n', [event('a', { id: '1' }), event('b')]],
  ['comments and unknown fields are nothing', ': alive\ncolour: red\ndata: a\n\n', [event('a')]],
  ['a field without a colon has an empty value', 'data\n\ndata\ndata\n\n', [event(''), event('\n')]],
  ['one space is taken away', 'data:a\n\ndata:  b\n\n', [event('a'), event(' b')]],
  ['an event without data is none', 'event: x\n\ndata: a\n\n', [event('a')]],
  ['a type holds for one event', 'event: x\ndata: a\n\ndata: b\n\n', [event('a', { type: 'x' }), event('b')]],
  ['an unfinished event is none', 'data: a\n\nid: 9\ndata: b\n', [event('a')]],
  ['an id with NUL is ignored', 'id: 1\0\ndata: a\n\n', [event('a')]],
  ['a BOM is taken away', '\ufeffdata: a\n\n', [event('a')]],
])('%s', (_what, text, events) => {
  expect(parse(text).events).toEqual(events);
});

it('starts from the id that was asked for', () => {
  expect(parse('data: a\n\n', '41').events).toEqual([event('a', { id: '41' })]);
});

it('reads retry where it is digits alone', () => {
  expect([parse('retry: 8000\n').retryMs, parse('retry: 8s\n').retryMs]).toEqual([8_000, undefined]);
});

it.each(['\n', '\r', '\r\n'])('reads lines that end with %j however they are split', (lineEnd) => {
  const lines = ['id: 1', 'data: äöü', 'data: b', '', ': c', 'data: d', '', ''];
  const bytes = Buffer.from(`${lines.join(lineEnd)}${lineEnd}x`);
  const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(cuts, (lengths) => {
      const parser = new EventStreamParser('');
      const events: ServerEvent[] = [];
      for (let from = 0, part = 0; from < bytes.length; part += 1) {
        const length = lengths[part % lengths.length] ?? 1;
        events.push(...parser.push(bytes.subarray(from, from + length)));
        from += length;
      }
      expect(events).toEqual([event('äöü\nb', { id: '1' }), event('d', { id: '1' })]);
    }),
  );
});
