/** Arbitrary HTTP/1.1 messages with what a reader should find in them. */
import fc from '../../../support/fast-check.ts';

/** A message as it is on the wire. */
export interface WireMessage {
  readonly bytes: Buffer;
  readonly content: string;
}

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,15}$/);
const value = fc.stringMatching(/^[!-~][ -~]{0,30}[!-~]$/);
const reserved = ['content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect'];
const fields = fc
  .array(fc.tuple(token, value), { maxLength: 5 })
  .map((list) => list.filter(([name]) => !reserved.includes(name.toLowerCase())))
  .map((list) => list.map(([name, text]) => `${name}: ${text}\r\n`).join(''));
/** Content that may look like anything, line ends and heads too. */
const content = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom('', '\r\n\r\n', '0\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'),
);
const extension = fc.constantFrom('', ';a=b', ' ; name="quoted text"');

const withLength = fc.tuple(fields, content).map(([lines, text]) => ({
  head: `${lines}Content-Length: ${Buffer.byteLength(text)}\r\n`,
  body: text,
  content: text,
}));
const chunked = fc
  .tuple(
    fields,
    fc.array(fc.tuple(content, extension), { maxLength: 5 }),
    fc.constantFrom('', 'Trailer: 1\r\n'),
  )
  .map(([lines, chunks, trailer]) => {
    const some = chunks.filter(([text]) => text !== '');
    return {
      head: `${lines}Transfer-Encoding: chunked\r\n`,
      body: `${some
        .map(([text, ext]) => `${Buffer.byteLength(text).toString(16)}${ext}\r\n${text}\r\n`)
        .join('')}0\r\n${trailer}\r\n`,
      content: some.map(([text]) => text).join(''),
    };
  });
const empty = fields.map((head) => ({ head, body: '', content: '' }));

const wire = (
  startLine: string,
  { head, body, content }: { head: string; body: string; content: string },
): WireMessage => ({
  bytes: Buffer.from(`${startLine}\r\n${head}\r\n${body}`),
  content,
});

const target = fc.constantFrom('/', '/a/b?c=d', '*', 'http://host.example/x');
export const requests: fc.Arbitrary<WireMessage> = fc
  .tuple(fc.constantFrom('GET', 'POST', 'OPTIONS', 'M-SEARCH'), target, fc.oneof(empty, withLength, chunked))
  .map(([method, path, message]) => wire(`${method} ${path} HTTP/1.1`, message));

const status = fc.constantFrom('200 OK', '404 Not Found', '299', '503 ');
export const responses: fc.Arbitrary<WireMessage> = fc.oneof(
  fc.tuple(status, fc.oneof(withLength, chunked)).map(([line, message]) => wire(`HTTP/1.1 ${line}`, message)),
  fc
    .tuple(fc.constantFrom('100 Continue', '103 Early Hints', '204 No Content', '304 Not Modified'), empty)
    .map(([line, message]) => wire(`HTTP/1.1 ${line}`, message)),
);

/** Cuts bytes into pieces of these lengths, over and over. */
export function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = lengths[out.length % lengths.length] ?? bytes.length;
    out.push(bytes.subarray(at, at + length));
    at += length;
  }
  return out;
}

export const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
