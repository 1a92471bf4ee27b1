import { ratio } from '../../../harness/checks/ratio.ts';
import { entries } from '../../unit/entries.ts';
import { handshake, request } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: ratio('connections are reused', { of: { kind: 'tls.handshake' }, per: request, atMost: 0.5 }),
  good: entries(handshake, request, request),
  bad: entries(handshake, request, handshake, request),
} satisfies Sample;
