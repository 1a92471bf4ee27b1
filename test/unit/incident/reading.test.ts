/** Files of any encoding and clock, and tickets with logs pasted into them. */
import { expect, it } from 'vitest';
import { SourceClock } from '../../../harness/incident/reading/clock.ts';
import { encodingOf, linesIn } from '../../../harness/incident/reading/lines.ts';
import { readIncidentLog } from '../../../harness/incident/reading/log.ts';
import { excerptsOf, isTicket } from '../../../harness/incident/reading/ticket.ts';
import { Names } from '../../../harness/names/names.ts';

it('tells encodings by their bytes', () => {
  const text = '2025-11-19 20:00:25 - ERROR - Connection reset\r\n';
  expect(encodingOf(Buffer.from(text))).toBe('utf-8');
  expect(encodingOf(Buffer.from(text, 'utf16le'))).toBe('utf-16le');
  expect(encodingOf(Buffer.from(text, 'utf16le').swap16())).toBe('utf-16be');
  expect(encodingOf(Buffer.from('Verbindung getrennt für Gerät', 'latin1'))).toBe('utf-8');
  expect(encodingOf(Uint8Array.from({ length: 4_096 }, (_, index) => (index * 7) % 256))).toBe('binary');
});

it('numbers lines by any kind of end', () => {
  expect([...linesIn('a\nb\r\n\rc\n\nd')].map(({ text, number }) => `${number} ${text}`)).toEqual([
    '1 a',
    '2 b',
    '3 ',
    '4 c',
    '5 ',
    '6 d',
  ]);
});

it('goes on over midnight, and says when a clock goes back', () => {
  const clock = new SourceClock();
  const times = ['23:59:58.000', '23:59:59.500', '00:00:01.000'].map((stamp) => clock.read({ stamp }) ?? 0);
  expect(times.map((t) => t - (times[0] ?? 0))).toEqual([0, 1_500, 3_000]);
  expect(clock.backSteps).toBe(0);
  clock.read({ stamp: '00:00:00.000' });
  expect(clock.backSteps).toBe(0);
  clock.read({ stamp: '23:00:00.000' });
  clock.read({ stamp: '22:00:00.000' });
  expect(clock.backSteps).toBe(1);
});

it('finds logs between fences, whose they are, and no source code', () => {
  const text = [
    '# Ticket',
    '## Before',
    '```',
    'Agent Log:',
    'ERROR - ECONNRESET',
    'Server Log:',
    'POST /x - 200',
    '```',
    '```python',
    'raise ConnectionResetError()',
    '```',
    '## After',
    '```text',
    'all is well',
  ].join('\n');

  expect(isTicket(text)).toBe(true);
  const excerpts = excerptsOf(linesIn(text));
  expect(excerpts.map(({ title }) => title)).toEqual(['Ticket · Before', 'Ticket · After']);
  expect(excerpts[0]?.logs.map(({ label, side }) => [label, side])).toEqual([
    ['agent log', 'client'],
    ['server log', 'server'],
  ]);
});

it('reads the same events in the formats of several languages', async () => {
  const logs = [
    '{"level":50,"time":1764138415123,"err":{"type":"Error","message":"read ECONNRESET","code":"ECONNRESET"},"msg":"report failed"}',
    '2025-11-26 06:26:55,123 ERROR [main] c.a.Agent - report failed\njava.net.SocketException: Connection reset\n\tat a.b(C.java:1)',
    'time="2025-11-26T06:26:55.123Z" level=error msg="report failed: read: connection reset by peer"',
    'E1126 06:26:55.123000       1 agent.go:42] report failed: EOF',
  ];
  for (const log of logs) {
    const { events } = await readIncidentLog(linesIn(log), { name: 'agent.log', names: new Names() });
    expect(
      events.map(({ kind }) => kind),
      log,
    ).toEqual(['reset']);
    expect(events[0]?.t, log).toBeDefined();
  }
});

it('says of a log without a time that nothing can be measured in it', async () => {
  const { notes } = await readIncidentLog(linesIn('ERROR - Connection refused\nERROR - Connection refused'), {
    name: 'agent.log',
    names: new Names(),
  });
  expect(notes).toEqual(['no record tells the time: periods and waits cannot be measured']);
});
