/** A storm of twelve faults over any program of the user’s, which has to work again once it is over. */
import {
  count,
  launchSubject,
  type Matcher,
  refuseConnections,
  scenario,
  startSubjectServer,
  subjectLink,
  type Table,
  toxic,
} from 'shaketable';

const everyMs = 350;
const holdsMs = 300;

const kinds = {
  sluggish: toxic({ type: 'latency', attributes: { latency: 30 } }),
  unavailable: toxic({ type: 'http_status', attributes: { status: 503 } }),
  refused: refuseConnections(),
  limited: toxic({ type: 'http_status', attributes: { status: 429 } }),
  reset: toxic({ type: 'reset_peer' }),
  unauthorised: toxic({ type: 'http_status', attributes: { status: 401 } }),
  silence: toxic({ type: 'blackhole', stream: 'both' }),
  unanswered: toxic({ type: 'http_lose_answer', attributes: { action: 'hang' } }),
  pieces: toxic({ type: 'slicer', attributes: { average_size: 20, size_variation: 5, delay: 100 } }),
  'bad-gateway': toxic({ type: 'http_status', attributes: { status: 502 } }),
  'lost-answer': toxic({ type: 'http_lose_answer', attributes: { action: 'close' } }),
  late: toxic({ type: 'http_delay', attributes: { delay: 100 } }),
};

const connected = { kind: 'connection.open', link: subjectLink } as const satisfies Matcher;
const answered = { kind: 'server.log', event: 'request', status: 200 } as const satisfies Matcher;
const calm = { kind: 'subject.note', name: 'calm' } as const;
const works = { kind: 'subject.note', name: 'works again' } as const;

const faults = Object.fromEntries(
  Object.entries(kinds).map(([id, fault], index) => [
    id,
    {
      fault,
      link: subjectLink,
      from: { event: connected, delayMs: 200 + index * everyMs },
      until: { afterMs: holdsMs },
    },
  ]),
);

const checks = {
  'works-again': count('it works again once the storm is over', { of: works, given: calm, atLeast: 1 }),
};

async function calmAfterwards(table: Table): Promise<void> {
  await table.until(connected, { withinMs: 20_000 });
  await table.sleep(400 + Object.keys(kinds).length * everyMs);
  table.note(calm.name);
  const before = table.count(answered);
  const seen = await table.until(answered, { nth: before + 1, withinMs: 1_500 });
  if (seen !== undefined) table.note(works.name);
}

scenario({
  id: 'storm',
  title: 'A program works again after a storm',
  requirements: [],
  story: 'Twelve faults come one after the other, a short while each.',
  worlds: ['local'],
  subjects: ['nobody'],
  play: async () => {
    throw new Error('It is for a program of the user’s: give it with --subject');
  },
  checks: { ends: count('nobody is played', { of: calm, given: calm, atMost: 0 }) },
  anySubject: {
    part: (subject) => ({
      faults,
      checks,
      play: async (table) => {
        const server = await startSubjectServer(table, subject);
        if (server === undefined) throw new Error('Its file has to name routes');
        const { token, ...address } = server;
        const link = await table.link(subjectLink, address);
        const launched = await launchSubject(table, subject, { link, token });
        await calmAfterwards(table);
        await launched.stop();
      },
    }),
  },
});
