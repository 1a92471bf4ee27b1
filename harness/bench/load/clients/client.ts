/** A library that people send requests with, as the workload `clients` uses it: with its defaults. */

/** One request. */
export interface ClientRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** The name by which the server knows it. */
  readonly operation: string;
}

/** Resolves with the status once the answer was read whole; rejects with the library's own error when there is none. */
export type SendRequest = (request: ClientRequest) => Promise<number>;

/** What is posted; a GET has none. */
export const bodyOf = ({ method }: ClientRequest): string | undefined =>
  method === 'POST' ? JSON.stringify({ report: 'x'.repeat(180) }) : undefined;

export const headersOf = ({ operation }: ClientRequest): Record<string, string> => ({
  'content-type': 'application/json',
  'x-operation': operation,
});
