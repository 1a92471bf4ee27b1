/** A connection to a NATS server that outlives the server's restarts and partitions. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { LabError } from '../../errors.ts';
import { missingPackage } from '../../optional-packages.ts';
import type { NatsAddress } from './address.ts';
import { natsError } from './nats-errors.ts';

/** What is used of the client, which is loaded when it is used: who plays on one machine does without. */
export type NatsClient = Awaited<ReturnType<typeof loadClient>>;

export type NatsConnection = Awaited<ReturnType<NatsClient['connect']>>;

/** Milliseconds until a server that does not answer is given up, at first; later it is waited for. */
const connectMs = 5_000;

/** Milliseconds between two tries to reach it again. */
const againMs = 250;

/** @throws LabError `LAB_BAD_INPUT` naming the command that installs what is missing */
export async function loadClient() {
  const names = ['@nats-io/transport-node', '@nats-io/jetstream', '@nats-io/obj'] as const;
  const missing = names.map((name) => missingPackage(name)).filter((how) => how !== undefined);
  if (missing.length > 0)
    throw new LabError('LAB_BAD_INPUT', 'The client of NATS is not installed beside the lab', {
      hint: missing.join('\n'),
    });
  const [transport, streams, objects] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
    import('@nats-io/obj'),
  ]);
  return { ...transport, ...streams, Objm: objects.Objm };
}

/** Connects. @throws LabError `LAB_QUEUE_GONE` or `LAB_NO_PERMISSION` when the server cannot be had now */
export async function connectNats(client: NatsClient, address: NatsAddress): Promise<NatsConnection> {
  const { server, host, shown, tls, user, password, token, credentials, authority } = address;
  try {
    return await client.connect({
      servers: server,
      name: 'shaketable',
      timeout: connectMs,
      maxReconnectAttempts: -1,
      reconnectTimeWait: againMs,
      ignoreAuthErrorAbort: true,
      // A partition shows in silence only.
      pingInterval: 5_000,
      maxPingOut: 2,
      ...(user === undefined ? {} : { user, pass: password ?? '' }),
      ...(token === undefined ? {} : { token }),
      ...(credentials === undefined ? {} : { authenticator: client.credsAuthenticator(credentials) }),
      ...(tls ? { tls: verifying(host, authority) } : {}),
    });
  } catch (error) {
    throw natsError(error, shown);
  }
}

/** The client names no host to TLS where it is an address, and `localhost` would be expected then. */
function verifying(host: string, authority: string | undefined): object {
  return {
    checkServerIdentity: (_named: string, certificate: PeerCertificate) =>
      checkServerIdentity(host, certificate),
    ...(authority === undefined ? {} : { ca: authority }),
  };
}
