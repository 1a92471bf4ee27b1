/** The server that the page came from: acts, and what it tells while the page is open. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Update } from '../messages.ts';
import { part, setText } from './dom.ts';

const pageToken = new URLSearchParams(location.search).get('token') ?? '';
const authorization = { Authorization: `Bearer ${pageToken}` };

/** After so long without a word the server is taken to be gone, ms. */
const silentMs = 15_000;
const longestPauseMs = 4_000;

/** Says below the head what came of an act. */
export function tellUser(text: string, isBad = false): void {
  const said = part('said');
  said.classList.toggle('bad', isBad);
  setText(said, text);
}

/** What the server answered, or why it did not do it. */
export type Done<T> = { readonly value: T } | { readonly wrong: string };

/** Has the server do something. */
export async function ask<T = unknown>(act: string, given: object = {}): Promise<Done<T>> {
  try {
    const response = await fetch(`/act/${act}`, {
      method: 'POST',
      headers: { ...authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify(given),
    });
    if (response.status === 401) return { wrong: await response.text() };
    const value = (await response.json()) as T & { readonly error?: string };
    return response.ok ? { value } : { wrong: value.error ?? `The server answered ${response.status}.` };
  } catch {
    return { wrong: 'The lab does not answer.' };
  }
}

/** The same, with a word about what came of it. */
export async function askAndTell(act: string, given: object, done: string): Promise<boolean> {
  const answer = await ask(act, given);
  if ('wrong' in answer) tellUser(answer.wrong, true);
  else tellUser(done);
  return !('wrong' in answer);
}

export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: authorization });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

/**
 * Follows what the server tells, and connects again for as long as the page is open. `onUpdate` is told with the first update of
 * each connection, which has everything.
 */
export class LiveStream {
  readonly #onUpdate: (update: Update, isFirst: boolean) => void;
  #query = '';
  #current = new AbortController();

  constructor(onUpdate: (update: Update, isFirst: boolean) => void) {
    this.#onUpdate = onUpdate;
  }

  /** Follows from now on with this filter. */
  follow(query: string): void {
    this.#query = query;
    this.#current.abort();
    this.#current = new AbortController();
    void this.#go(this.#current.signal);
  }

  async #go(signal: AbortSignal): Promise<void> {
    let pauseMs = 250;
    while (!signal.aborted) {
      const why = await this.#read(signal, () => {
        pauseMs = 250;
      });
      if (signal.aborted) return;
      showLab('gone', why);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  /** Reads one connection to its end; @returns why it ended */
  async #read(signal: AbortSignal, onAlive: () => void): Promise<string> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), silentMs);
    try {
      const response = await fetch(`/live${this.#query}`, {
        headers: authorization,
        signal: AbortSignal.any([signal, silent.signal]),
      });
      if (response.status === 401) return 'Another lab answers here: open the address that it printed.';
      if (!response.ok || !response.body) return (await response.text()).trim();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      let isFirst = true;
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), silentMs);
        onAlive();
        const texts = (rest + value).split('\n');
        rest = texts.pop() ?? '';
        for (const text of texts) {
          showLab('here', 'connected');
          this.#onUpdate(JSON.parse(text) as Update, isFirst);
          isFirst = false;
        }
      }
      return 'The lab is closed; this page goes on when it is there again.';
    } catch {
      return 'The lab does not answer; this page goes on when it is there again.';
    } finally {
      clearTimeout(timer);
    }
  }
}

function showLab(state: 'here' | 'gone', text: string): void {
  document.documentElement.dataset.lab = state;
  setText(part('lab'), text);
}
