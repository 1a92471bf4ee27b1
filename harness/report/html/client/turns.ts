/**
 * Long work in slices, so that the page answers its reader in between.
 */
/// <reference lib="dom" />

/** Milliseconds that work may have before the page gets a turn: less than a frame has. */
const sliceMs = 8;

/** Gives a function to await between two steps of some work: it lets the page have a turn whenever a slice is over. */
export function turnTaker(): () => Promise<boolean> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < sliceMs) return false;
    await nextTask();
    since = performance.now();
    return true;
  };
}

/** A message to oneself, since a timer waits for four milliseconds or more once it is nested. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
