/** An answer of the server, and how it is told of in a sentence. */

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Its beginning, as text. */
  readonly body: string;
  /** The body, where that is a JSON object. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** The server's own words, for a sentence: its error in JSON, or the beginning of a body that is no page. */
export function wordsOf({ json, body, headers }: Answer): string {
  const said = json?.error ?? json?.message ?? json?.detail ?? json?.title;
  if (typeof said === 'string') return ` “${said}”`;
  if (json !== undefined) return ` ${body.trim().slice(0, 200)}`;
  return isPage({ body, headers }) || body.trim() === '' ? '' : ` “${body.trim().slice(0, 200)}”`;
}

/** Whether it is for people to look at. */
export const isPage = ({ headers, body }: Pick<Answer, 'headers' | 'body'>): boolean =>
  /html/i.test(String(headers['content-type'] ?? '')) || /^\s*<(!doctype|html)/i.test(body);

/** What the server asks to wait, for a sentence. */
export const waitOf = ({ headers }: Answer): string =>
  headers['retry-after'] === undefined ? '' : `, and asks to wait (Retry-After: ${headers['retry-after']})`;
