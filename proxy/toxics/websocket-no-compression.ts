/**
 * `websocket_no_compression`: takes the extensions out of a request for the upgrade (RFC 7692 negotiates
 * permessage-deflate there), so that messages are exchanged as they are. For tests whose other toxics drop messages, or
 * whose evidence is to be read.
 */
import { send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { byFrame } from './shared/websocket-frames.ts';

const extensions = /\r?\nsec-websocket-extensions:[^\r\n]*/gi;

export const wsNoCompression = defineToxic({
  type: 'websocket_no_compression',
  summary: 'no permessage-deflate',
  attributes: {},
  startBoth: (context) =>
    byFrame(context, ({ stream }) => ({
      *request({ bytes, at, offset }) {
        const head = bytes.toString('latin1');
        const without = head.replaceAll(extensions, '');
        const reason = 'extensions taken out of the upgrade';
        const fact = { reason, stream, bytes: bytes.length, offset, delivered: true };
        const taken = without !== head && context.strike(fact);
        yield send(taken ? Buffer.from(without, 'latin1') : bytes, at);
      },
    })),
});
