/** `fetch`: Node's own, and that of the package. */
import { bodyOf, headersOf, type SendRequest } from './client.ts';

type Fetch = (
  url: string,
  options: { method: string; headers: Record<string, string>; body: string | null },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

export function createFetchClient(fetch: Fetch): SendRequest {
  return async (request) => {
    const { url, method } = request;
    const answer = await fetch(url, { method, headers: headersOf(request), body: bodyOf(request) ?? null });
    await answer.text();
    return answer.status;
  };
}
