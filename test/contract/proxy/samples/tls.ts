/** Toxics that read TLS, on handshakes of node:tls as they were on the wire. */
import { type RecordedHandshake, recordHandshake } from '../../../unit/proxy/protocols/recorded-handshake.ts';
import { down, type Message, type Sample, up } from './sample.ts';

const dialogueOf = ({ flights }: RecordedHandshake): Message[] =>
  flights.map(({ from, bytes }) => (from === 'client' ? up(bytes) : down(bytes)));

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const stages = ['client_hello', 'server_hello', 'certificate', 'finished'] as const;

const dialogues = await Promise.all(
  versions.flatMap(async (version) => {
    const full = await recordHandshake({ version });
    const resumed = await recordHandshake({ version, ...(full.session ? { session: full.session } : {}) });
    return [dialogueOf(full), dialogueOf(resumed)];
  }),
).then((pairs) => pairs.flat());

export const samples: readonly Sample[] = dialogues.flatMap((dialogue): Sample[] => [
  ...stages.flatMap((stage): Sample[] => [
    { type: 'tls_cut', attributes: { stage }, harmless: { share: 0 }, loses: true, dialogue },
    { type: 'tls_cut', attributes: { stage, action: 'stall' }, loses: false, dialogue },
  ]),
  { type: 'tls_corrupt', attributes: {}, harmless: { record: 1_000 }, loses: true, dialogue },
  { type: 'tls_corrupt', attributes: { kind: 'handshake', how: 'duplicate' }, loses: true, dialogue },
  { type: 'tls_corrupt', attributes: { kind: 'any', record: 2, how: 'drop' }, loses: true, dialogue },
  { type: 'tls_truncate', attributes: {}, loses: true, dialogue },
  { type: 'tls_truncate', attributes: { hold: 90 }, loses: true, dialogue },
  { type: 'tls_truncate', attributes: { records: 1 }, harmless: { records: 1_000 }, loses: true, dialogue },
  { type: 'tls_alert', attributes: { description: 112 }, loses: true, dialogue },
  { type: 'tls_alert', attributes: { level: 'warning' }, loses: true, dialogue },
]);
