/** `refuse_connection`: accepts and resets at once; nothing is dialled. The server process is down, its port is not. */
import { defineToxic } from '../core/toxic-type.ts';

export const refuseConnection = defineToxic({
  type: 'refuse_connection',
  summary: 'RST right after the handshake',
  attributes: {},
  accept: 'refuse',
});
