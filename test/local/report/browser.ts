/**
 * Pages of a real Chromium, spoken to over its DevTools protocol; no driver package is needed for that.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll } from 'vitest';

/** Where a Chromium stands on this machine, or undefined. */
export const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
  readonly error?: { readonly message: string };
}

export interface OpenPage extends AsyncDisposable {
  /** The value of an expression in the page; what it throws is thrown here. */
  evaluate(expression: string): Promise<unknown>;
  /** Sends a command of the DevTools protocol; its answer's result. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Presses a key; `modifiers` are those of the protocol: 2 for Ctrl, 8 for Shift. */
  press(key: string, modifiers?: number): Promise<void>;
  /** Waits until an expression in the page is true; @throws Error after five seconds */
  until(expression: string): Promise<void>;
  /** Makes the page `width` pixels wide, as on a phone. */
  resize(width: number): Promise<void>;
  /** Shows the page as to a reader who prefers `light` or `dark`. */
  colorScheme(scheme: string): Promise<void>;
  /** Errors, blocked scripts and requests so far, as the browser tells them. */
  readonly complaints: readonly string[];
}

const flags = [
  ...[
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-sync',
    '--disable-extensions',
  ],
  ...['--disable-background-networking', '--disable-component-update', '--disable-default-apps'],
  ...['--remote-debugging-port=0', '--remote-allow-origins=*', '--no-startup-window'],
];

/** Of each page, pixels. */
const windowSize = { width: 1_200, height: 900 };

/** A browser under way. */
interface Browser extends AsyncDisposable {
  /** Where it listens: `127.0.0.1:PORT`. */
  readonly host: string;
  /** Of the browser itself, not of a page. */
  readonly send: Send;
}

type Send = (method: string, params?: object) => Promise<Message>;

let shared: Promise<Browser> | undefined;

// One for all pages of a test file, since each costs the start of seven processes.
afterAll(async () => {
  await (await shared)?.[Symbol.asyncDispose]();
});

/**
 * Opens `url` and waits until it has loaded: in a window and a profile of its own, which nothing that another page stored or
 * was told reaches.
 */
export async function openPage(binary: string, url: string): Promise<OpenPage> {
  shared ??= startBrowser(binary);
  const { host, send } = await shared;
  const { browserContextId } = resultOf(await send('Target.createBrowserContext'));
  const close = async (): Promise<void> => {
    await send('Target.disposeBrowserContext', { browserContextId });
  };
  try {
    const blank = { url: 'about:blank', browserContextId, newWindow: true, ...windowSize };
    const { targetId } = resultOf(await send('Target.createTarget', blank));
    const page = await connect(`ws://${host}/devtools/page/${targetId}`, url);
    return { ...page, [Symbol.asyncDispose]: close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function startBrowser(binary: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'shaketable-chromium-'));
  const browser = spawn(binary, [...flags, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const close = async (): Promise<void> => {
    if (browser.exitCode === null && browser.signalCode === null) {
      const exit = once(browser, 'exit');
      browser.kill('SIGKILL');
      await exit;
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const address = await debuggerOf(browser);
    const { send } = await speakTo(address, () => {});
    return { host: new URL(address).host, send, [Symbol.asyncDispose]: close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** The address of the browser's debugger, once it has announced it. */
async function debuggerOf(browser: ChildProcess): Promise<string> {
  if (browser.stderr === null) throw new Error('The browser has no standard error');
  for await (const line of createInterface(browser.stderr)) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('The browser ended without announcing its debugger');
}

const resultOf = ({ result }: Message) => result as Record<string, unknown>;

/** Speaks the DevTools protocol; `hear` is told of every event. */
async function speakTo(address: string, hear: (event: Message) => void): Promise<{ send: Send }> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const waiting = new Map<number, (message: Message) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id === undefined) hear(message);
    else waiting.get(message.id)?.(message);
  });
  const send: Send = async (method, params = {}) => {
    last += 1;
    const id = last;
    const answer = await new Promise<Message>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer;
  };
  return { send };
}

async function connect(address: string, url: string): Promise<Omit<OpenPage, typeof Symbol.asyncDispose>> {
  const complaints: string[] = [];
  const loaded = Promise.withResolvers<void>();
  const { send } = await speakTo(address, (event) => {
    if (event.method === 'Page.loadEventFired') loaded.resolve();
    if (isComplaint(event, url)) complaints.push(JSON.stringify(event.params));
  });
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
  await send('Page.navigate', { url });
  await loaded.promise;
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result } = await send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (result?.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails));
    return result?.result?.value;
  };
  return {
    complaints,
    evaluate,
    async send(method, params) {
      return resultOf(await send(method, params));
    },
    async resize(width) {
      const size = { width, height: 800, deviceScaleFactor: 1, mobile: true };
      await send('Emulation.setDeviceMetricsOverride', size);
    },
    async colorScheme(value) {
      await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
    },
    async press(key, modifiers = 0) {
      for (const type of ['rawKeyDown', 'keyUp'])
        await send('Input.dispatchKeyEvent', { type, key, code: key, modifiers });
    },
    async until(expression) {
      const waited = `new Promise((resolve, reject) => {
        const end = performance.now() + 5000;
        const look = () => {
          if (${expression}) resolve(true);
          else if (performance.now() > end) reject(new Error('never came true: ' + ${JSON.stringify(expression)}));
          else requestAnimationFrame(look);
        };
        look();
      })`;
      await evaluate(waited);
    },
  };
}

/** Whether the browser tells of an error, or of a request for anything but the page itself and what its own server has. */
function isComplaint({ method, params }: Message, url: string): boolean {
  if (method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown') return true;
  if (method !== 'Network.requestWillBeSent') return false;
  const asked = (params as { readonly request: { readonly url: string } }).request.url;
  if (asked.startsWith('data:') || asked.startsWith('blob:')) return false;
  const { origin } = new URL(url);
  return origin === 'null' ? asked !== url.replace(/#.*/, '') : !asked.startsWith(`${origin}/`);
}
