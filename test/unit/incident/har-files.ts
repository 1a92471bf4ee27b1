/** HAR files as several exporters write them. */

const begun = Date.UTC(2026, 10, 30, 14);

const entry = (
  n: number,
  everyMs: number,
  time: unknown,
  response: object,
  url = 'https://api.acme.example/api/fleet/report',
): object => ({
  startedDateTime: new Date(begun + n * everyMs).toISOString(),
  time,
  request: {
    method: 'POST',
    url,
    headers: [{ name: 'Authorization', value: 'Bearer tok_9f8e7d6c5b4a' }],
    postData: { text: '{"n":1}' },
  },
  response,
  cache: {},
  timings: { send: 0, wait: time, receive: 0 },
});

const har = (entries: readonly object[]): string =>
  JSON.stringify(
    { log: { version: '1.2', creator: { name: 'WebInspector', version: '537.36' }, pages: [], entries } },
    null,
    2,
  );

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** By their names. */
export const harOf: Readonly<Record<string, string>> = {
  'refused.har': har(
    times(6, (n) =>
      entry(n, 5_000, 3, { status: 0, statusText: '', content: {}, _error: 'net::ERR_CONNECTION_REFUSED' }),
    ),
  ),
  'errors.har': har(
    times(16, (n) =>
      entry(n, 2_000, 40, {
        status: n % 4 === 3 ? 502 : 200,
        statusText: '',
        content: { text: 'x'.repeat(9_000) },
      }),
    ),
  ),
  'late.har': har(
    times(5, (n) => entry(n, 10_000, 8_000, { status: 0, statusText: '', _error: 'net::ERR_TIMED_OUT' })),
  ),
  'refused-token.har': har(
    times(5, (n) => entry(n, 5_000, 12, { status: 401, statusText: 'Unauthorized', content: {} })),
  ),
  'healthy.har': har(
    times(20, (n) =>
      entry(n, 1_000, 30, { status: 200, content: { text: 'connection refused, timed out, 401' } }),
    ),
  ),
};
