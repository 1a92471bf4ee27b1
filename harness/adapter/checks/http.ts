/** What an adapter of an HTTP client has to do. */
import {
  type AdapterCheck,
  type Bench,
  connectTo,
  eventually,
  expect,
  freshName,
  inWords,
  succeed,
} from '../check.ts';
import type { Outcome } from '../start-adapter.ts';

const kind = 'http';
/** What breaks a line protocol, or a wrong encoding. */
const awkward = 'two\nlines, a "quotation", a tab\t, – ✓ 🎉 \u2028';

export const httpChecks: readonly AdapterCheck[] = [
  {
    id: 'request-arrives',
    title: 'a request arrives once, as it was asked for: method, path, headers, token and body',
    kind,
    async run(bench) {
      const { adapter, peer, token } = bench;
      const on = await connectTo(bench, kind);
      const body = JSON.stringify({ text: awkward });
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'key-1' };
      const answer = await succeed(adapter, {
        do: 'request',
        on,
        method: 'POST',
        path: '/echo/1',
        headers,
        body,
        withinMs: 10_000,
      });
      const arrived = peer.requests.filter(({ path }) => path === '/echo/1');
      expect(arrived.length === 1, `it arrived ${arrived.length} times`);
      const [one] = arrived;
      expect(one?.method === 'POST', `it arrived as ${one?.method}`);
      expect(one.body === body, `its body arrived as ${one.body.slice(0, 120)}`);
      expect(one.headers['idempotency-key'] === 'key-1', 'its header idempotency-key did not arrive');
      expect(
        one.headers.authorization === `Bearer ${token}`,
        'its token did not arrive as Authorization: Bearer …',
      );
      expect(answer.status === 200, `the answer has the status ${answer.status}, not 200`);
      expect(answer.body?.includes('"method":"POST"') === true, 'the answer has not the body that was sent');
    },
  },
  {
    id: 'status-is-an-answer',
    title: 'an answer of any status is “ok” with that status: the lab judges it',
    kind,
    async run(bench) {
      const on = await connectTo(bench, kind);
      for (const status of [204, 404, 503]) {
        const answer = await bench.adapter.do({
          do: 'request',
          on,
          method: 'GET',
          path: `/status/${status}`,
          withinMs: 30_000,
        });
        expect(
          answer.answer === 'ok' && answer.status === status,
          `an answer of ${status} is told as ${inWords(answer)}, not “ok” with that status`,
        );
      }
    },
  },
  {
    id: 'refused-is-failed',
    title: 'where nobody listens the request failed: it certainly had no effect',
    kind,
    async run({ adapter, closedPort, caFile }) {
      const on = freshName();
      const url = `https://127.0.0.1:${closedPort}`;
      const connected = await adapter.do({ do: 'connect', kind, on, url, caFile, withinMs: 10_000 });
      const outcome =
        connected.answer === 'ok'
          ? await adapter.do({
              do: 'request',
              on,
              method: 'POST',
              path: '/echo',
              body: '{}',
              withinMs: 10_000,
            })
          : connected;
      expect(outcome.answer === 'failed', `it is told as ${inWords(outcome)}, not “failed”`);
    },
  },
  {
    id: 'untrusted-is-failed',
    title: 'a certificate of an authority that it was not given is refused, and nothing is sent',
    kind,
    async run({ adapter, peer, otherCaFile, token }) {
      const on = freshName();
      const url = `https://127.0.0.1:${peer.port}`;
      const connected = await adapter.do({
        do: 'connect',
        kind,
        on,
        url,
        caFile: otherCaFile,
        token,
        withinMs: 10_000,
      });
      const outcome =
        connected.answer === 'ok'
          ? await adapter.do({ do: 'request', on, method: 'GET', path: '/untrusted', withinMs: 10_000 })
          : connected;
      expect(!peer.requests.some(({ path }) => path === '/untrusted'), 'the request was sent all the same');
      expect(outcome.answer === 'failed', `it is told as ${inWords(outcome)}, not “failed”`);
    },
  },
  {
    id: 'cut-is-unknown',
    title: 'a request whose connection is cut before the answer is unknown: it may have had its effect',
    kind,
    async run(bench) {
      await expectUnknown(bench, '/cut', 30_000);
    },
  },
  {
    id: 'bound-is-kept',
    title: 'a request that is not answered within withinMs ends as unknown, and not before',
    kind,
    async run(bench) {
      const outcome = await expectUnknown(bench, '/silent', 1_000);
      expect(outcome.tookMs > 800, `it ended after ${Math.round(outcome.tookMs)} ms of 1000`);
    },
  },
  {
    id: 'at-the-same-time',
    title: 'commands are carried out at the same time: a slow one holds up no other',
    kind,
    async run(bench) {
      const { adapter } = bench;
      const on = await connectTo(bench, kind);
      let isSlowOver = false;
      const slow = adapter
        .do({ do: 'request', on, method: 'GET', path: '/slow/3000', withinMs: 30_000 })
        .then((outcome) => {
          isSlowOver = true;
          return outcome;
        });
      const fast = await adapter.do({ do: 'request', on, method: 'GET', path: '/echo', withinMs: 30_000 });
      const wasInTime = !isSlowOver;
      const ended = await slow;
      expect(fast.answer === 'ok', `the fast one is told as ${inWords(fast)}`);
      expect(ended.answer === 'ok', `the slow one is told as ${inWords(ended)}`);
      expect(wasInTime, 'a request that was asked for later and answered at once waited for a slow one');
    },
  },
  {
    id: 'long-body-is-cut',
    title: 'a long body does not break the protocol: the line has 65,536 characters at most',
    kind,
    async run(bench) {
      const on = await connectTo(bench, kind);
      const before = bench.adapter.breaches.length;
      const outcome = await bench.adapter.do({
        do: 'request',
        on,
        method: 'GET',
        path: '/long',
        withinMs: 10_000,
      });
      expect(
        outcome.answer === 'ok',
        bench.adapter.breaches[before] ?? `it is told as ${inWords(outcome)}, not “ok”`,
      );
    },
  },
  {
    id: 'release-closes',
    title: 'what is released is closed, and can be used no more',
    kind,
    async run(bench) {
      const { adapter, peer } = bench;
      const on = await connectTo(bench, kind);
      await succeed(adapter, { do: 'request', on, method: 'GET', path: '/echo/released', withinMs: 10_000 });
      await succeed(adapter, { do: 'release', on });
      await eventually(
        bench,
        5_000,
        () => peer.open('/echo/released') === 0,
        'its connection is still open 5 s later',
      );
      const later = await adapter.do({ do: 'request', on, method: 'GET', path: '/echo', withinMs: 5_000 });
      expect(later.answer === 'failed', `a request on it is answered ${inWords(later)}, not “failed”`);
    },
  },
];

/** A POST that must end as *unknown*, since it may have had its effect. */
async function expectUnknown(bench: Bench, path: string, withinMs: number): Promise<Outcome> {
  const on = await connectTo(bench, kind);
  const outcome = await bench.adapter.do({ do: 'request', on, method: 'POST', path, body: '{}', withinMs });
  expect(outcome.answer === 'unknown', `it is told as ${inWords(outcome)}, not “unknown”`);
  return outcome;
}
