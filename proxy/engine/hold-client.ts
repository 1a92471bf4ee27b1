/**
 * Keeps an accepted client waiting without an answer, and notices when it gives up. What it sends meanwhile is kept,
 * up to a limit, so that it can still be served later.
 */
import type net from 'node:net';

const limitBytes = 256 * 1024;

/** Parks `socket`; `onGone` is called when the client ends. Returns a function that lets it go on, unread. */
export function holdClient(socket: net.Socket, onGone: (end: 'fin' | 'reset') => void): () => void {
  const kept: Buffer[] = [];
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    kept.push(chunk);
    bytes += chunk.length;
    if (bytes >= limitBytes) socket.pause();
  };
  const onEnd = (): void => onGone('fin');
  const onError = (): void => onGone('reset');
  socket.on('data', onData).once('end', onEnd).once('error', onError);
  socket.resume();

  return () => {
    socket.off('data', onData).off('end', onEnd).off('error', onError);
    socket.pause();
    if (bytes > 0) socket.unshift(Buffer.concat(kept));
  };
}
