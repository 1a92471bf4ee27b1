/**
 * The WebSocket channel as the report found it (R4). It returns success whatever happens, takes a guess for the state
 * of the connection, logs one cut line for every error, opens a new socket where one has failed and lets go of nothing.
 * Kept as it is: it is the subject that has to fail.
 */
import type WebSocket from 'ws';
import type { Clock } from '../../clock.ts';
import type {
  Channel,
  ChannelMessage,
  ChannelOptions,
  ChannelState,
  ChannelStats,
  Environment,
  SendOutcome,
} from './channel.ts';
import { createWebSocket } from './web-socket.ts';

const keepAliveMs = 30_000;
const longestLine = 100;

/** A channel with the reported bugs; the shape is that of the hardened one. */
export function createNaiveChannel(options: ChannelOptions): Channel {
  return new NaiveChannel(options);
}

class NaiveChannel implements Channel {
  readonly #options: ChannelOptions;
  readonly #sockets: WebSocket[] = [];
  #closed = false;
  readonly #counts = { attempts: 0, opened: 0, acknowledged: 0, failed: 0, unknown: 0, peakBufferedBytes: 0 };

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  get state(): ChannelState {
    const socket = this.#sockets.at(-1);
    if (!socket) return 'closed';
    return isWebSocketConnected(socket, this.#options.environment) ? 'open' : 'closed';
  }

  /** One attempt, for as long as it takes. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => this.#connect(resolve, reject));
  }

  async send(message: ChannelMessage): Promise<SendOutcome> {
    try {
      const socket = this.#sockets.at(-1);
      if (socket && this.#seemsConnected(socket)) {
        socket.send(JSON.stringify(message), (error) => {
          if (error) this.#failed(error);
        });
      }
    } catch (error) {
      this.#failed(error);
    }
    return this.#success(message);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#sockets.at(-1)?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  stats(): ChannelStats {
    return { ...this.#counts, pending: 0, bufferedBytes: this.#bufferedBytes, sockets: this.#sockets.length };
  }

  get #bufferedBytes(): number {
    return this.#sockets.reduce((sum, socket) => sum + socket.bufferedAmount, 0);
  }

  #seemsConnected(socket: WebSocket): boolean {
    const { environment } = this.#options;
    const connected = isWebSocketConnected(socket, environment);
    if (!connected) {
      this.#write(
        'DEBUG',
        `WebSocket state check: No state attributes found in ${environment}, assuming disconnected`,
      );
    }
    return connected;
  }

  #success(message: ChannelMessage): SendOutcome {
    this.#counts.acknowledged += 1;
    this.#counts.peakBufferedBytes = Math.max(this.#counts.peakBufferedBytes, this.#bufferedBytes);
    return { status: 'acknowledged', waitedMs: 0, ...(message.id !== undefined && { id: message.id }) };
  }

  #connect(onOpen: () => void, onError: (error: Error) => void): void {
    const socket = createWebSocket({ ...this.#options, verify: false });
    this.#sockets.push(socket);
    this.#counts.attempts += 1;
    socket.on('open', () => {
      this.#counts.opened += 1;
      keepAlive(socket, this.#options.clock);
      socket.on('close', () => {
        if (!this.#closed) this.#reconnect();
      });
      onOpen();
    });
    socket.on('error', (error) => {
      this.#logError(error);
      onError(error);
    });
  }

  #failed(error: unknown): void {
    this.#logError(error);
    this.#reconnect();
  }

  /** Once more, on a new socket; the old one stays where it is, with its listeners and its timer. */
  #reconnect(): void {
    this.#connect(
      () => undefined,
      () => undefined,
    );
  }

  #logError(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#write('ERROR', `Error in ConnectionHandler for user ${this.#options.userId}: ${text}`);
  }

  readonly #write = (level: string, text: string): void => {
    const time = new Date(this.#options.clock.now()).toISOString().replace('T', ' ').replace('Z', '');
    this.#options.log.write(`${time} - ${level} - ${text.slice(0, longestLine)}\n`);
  };
}

/** Sends a message now and then to keep the connection from going idle; it is never stopped. */
function keepAlive(socket: WebSocket, clock: Clock): void {
  void clock.sleep(keepAliveMs).then(() => {
    socket.send(JSON.stringify({ type: 'heartbeat' }), () => undefined);
    keepAlive(socket, clock);
  });
}

/** The report's check, faithfully: attributes that this kind of socket does not have, then a guess by environment. */
function isWebSocketConnected(socket: object, environment: Environment): boolean {
  if ('client_state' in socket) return socket.client_state === 'CONNECTED';
  if ('application_state' in socket) return socket.application_state === 'CONNECTED';
  if (environment === 'staging' || environment === 'production') return false;
  return 'send' in socket && typeof socket.send === 'function';
}
