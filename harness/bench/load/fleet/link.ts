/** One agent's WebSocket over TLS. */
import tls, { type SecureContext } from 'node:tls';
import WebSocket from 'ws';

/** Told what happens on a link. */
export interface LinkOwner {
  onOpen(): void;
  onText(text: string): void;
  /** It is over, whether or not it was ever open; `code` says why. */
  onClose(code: string): void;
}

/** A connection that is open or being opened. */
export interface Link {
  send(text: string): void;
  /** Ends it without a word to the server; `code` is what its owner is told. */
  end(code: string): void;
}

/** Where links lead. */
export interface LinkTarget {
  readonly port: number;
  /** Trusts the server's authority; one for all agents. */
  readonly secureContext: SecureContext;
  /** The agents' end; the system's choice without it. */
  readonly localAddress?: string | undefined;
}

/** Begins to open a link for `owner`. */
export function openLink({ port, secureContext, localAddress }: LinkTarget, owner: LinkOwner): Link {
  let reason: string | undefined;
  const socket = new WebSocket(`wss://localhost:${port}/fleet`, {
    perMessageDeflate: false,
    createConnection: (() =>
      tls.connect({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        secureContext,
        ...(localAddress === undefined ? {} : { localAddress }),
      })) as never,
  });
  socket.on('open', () => owner.onOpen());
  socket.on('message', (data) => owner.onText(String(data)));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    reason ??= error.code ?? error.message;
  });
  socket.on('close', (code) => owner.onClose(reason ?? `WS_${code}`));
  const end = (code: string): void => {
    reason ??= code;
    socket.terminate();
  };
  return { send: (text) => socket.send(text), end };
}
