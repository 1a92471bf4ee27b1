/**
 * `hiccup`: for `pause` ms out of each `every` ms nothing gets through, as while a peer collects its garbage; what
 * arrives then is held until it is over.
 */
import { defineToxic, duration, pass, until } from 'shaketable/proxy';

export const hiccup = defineToxic({
  type: 'hiccup',
  summary: 'nothing gets through for a moment, now and then',
  attributes: { every: { ...duration({ min: 1 }), initial: 1_000 }, pause: duration({ min: 0 }) },
  queueChunks: 64,
  start: (context) => {
    const began = context.now();
    return {
      *chunk(chunk) {
        const { every, pause } = context.attributes;
        const restMs = pause - ((context.now() - began) % every);
        const held = { reason: `held for ${restMs} ms`, bytes: chunk.bytes.length, delivered: true };
        if (restMs > 0 && context.strike(held)) yield until(context.now() + restMs);
        yield pass(chunk);
      },
    };
  },
});
