/** R4.5: server-sent events that are cut in mid-stream, then forgotten by the path. */
import { count, followed, noMissing, oneEffectEach, scenario, toxic } from 'shaketable';
import { got, opened, published, readEvents, refused, startFeed } from '../rigs/event-feed.ts';

const cut = { kind: 'fault.strike', fault: 'cut' } as const;
const silence = { kind: 'fault.strike', fault: 'silence' } as const;

scenario({
  id: 'silent-socket/event-stream-goes-silent',
  title: 'An event stream that breaks or goes silent is taken up where it stopped',
  requirements: ['R4.5'],
  story:
    'A feed sends an event every 5 s over one HTTP answer that does not end (WHATWG HTML, server-sent events), and says to ' +
    'wait 8 s before coming back. The first connection is cut within an event; the path forgets the second, so that nothing ' +
    'comes any more and nothing ends. As such readers are usually written, the events in between are lost after the cut, and ' +
    'the silence is waited out for ever. Whoever notices the silence and asks with Last-Event-ID misses nothing.',
  fastPace: 20,
  faults: {
    cut: {
      fault: toxic({ type: 'cut', attributes: { bytes: 320, action: 'reset' }, only: { nth: [1] } }),
      link: 'agent→feed',
    },
    silence: {
      fault: toxic({ type: 'lifetime', attributes: { after: 22_000, action: 'forget' }, only: { nth: [2] } }),
      link: 'agent→feed',
    },
  },
  play: async (table) => {
    const { url } = await startFeed(table, { retryMs: 8_000 });
    await table.until(silence, { withinMs: 120_000 });
    readEvents(table, { url, token: 'a-token-that-nobody-knows' }, 'stranger');
    await table.until(published, { nth: table.count(published) + 26, withinMs: 200_000 });
    await table.sleep(2_000);
  },
  checks: {
    'none-missing': noMissing('every event between the first and the last arrives', {
      of: got,
      field: 'number',
      fewest: 3,
    }),
    'notices-silence': followed('events arrive again within a minute and a half of the silence', {
      each: silence,
      by: got,
      withinMs: 90_000,
    }),
    'goes-on': count('the reader goes on from the last event that it got', {
      of: { ...opened, lastEventId: { matches: '^[0-9]+$' } },
      given: cut,
      atLeast: 1,
      unit: 'streams',
    }),
    'waits-as-told': followed('after the cut it comes back no sooner than the feed asks', {
      each: cut,
      by: opened,
      notBeforeMs: 7_500,
      withinMs: 30_000,
      onlyFirst: true,
    }),
    'kept-while-healthy': count('no stream is given up on which events arrive', {
      of: opened,
      given: silence,
      atLeast: 2,
      atMost: 3,
      unit: 'streams',
    }),
    'refused-once': count('a reader whose token is refused does not ask again', {
      of: refused,
      given: refused,
      atMost: 1,
      unit: 'requests',
    }),
    'refusal-is-told': count('and says so at ERROR', {
      of: { kind: 'agent.log', level: 'error', event: 'event_stream_refused' },
      given: refused,
      atLeast: 1,
      atMost: 1,
      unit: 'records',
    }),
    once: oneEffectEach('no event arrives twice', { effects: got, key: 'number' }),
  },
  reported: ['none-missing', 'notices-silence', 'goes-on', 'waits-as-told'],
});
