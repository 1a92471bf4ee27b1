/**
 * Is the server who it says it is, in a protocol of today? The handshake is made without verifying and judged here, so that
 * all that is wrong can be said; nothing is sent on such a connection.
 */
import { type ConnectionOptions, connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { bounded, codeOf, tooLate } from '../bounded.ts';
import { chainOf, day, flawsOf, nameOf, soonExpired } from '../certificate.ts';
import { broken, brokenForNow, type Finding, holds, type Step, type StepContext, skipped } from '../step.ts';
import { serverName } from '../target.ts';

export const tlsStep: Step = { id: 'tls', look };

interface Handshake {
  readonly leaf: DetailedPeerCertificate;
  readonly chainError: string | undefined;
  readonly protocol: string;
}

async function look(context: StepContext): Promise<Finding> {
  const { target, clock } = context;
  if (!target.secure)
    return skipped('the URL says http://: whatever is sent can be read and changed on its way');
  const made = await handshake(context, {});
  if (typeof made === 'string' || made === tooLate) return explain(context, made);
  const { leaf, chainError, protocol } = made;
  const now = clock.now();
  if (leaf.fingerprint256 === undefined) return broken('The server presents no certificate', 'Give it one');
  const flaws = flawsOf({ leaf, chainError, hostname: target.hostname, ownCa: target.ownCa, now });
  if (flaws.length > 0)
    return broken(flaws.map(({ cause }) => cause).join('. '), flaws.map(({ remedy }) => remedy).join('. '));
  const chain = chainOf(leaf).map(nameOf).join(' ← ');
  return holds(
    `${protocol}, ${chain}, valid until ${day(Date.parse(leaf.valid_to))}`,
    soonExpired(leaf, now),
  );
}

/** A handshake, or the code of what kept it from being made. */
async function handshake(
  { target, known, clock, timeoutMs, signal }: StepContext,
  options: ConnectionOptions,
): Promise<Handshake | string | typeof tooLate> {
  try {
    return await bounded(clock, timeoutMs, signal, (until) =>
      shake(
        {
          host: known.address ?? target.hostname,
          port: target.port,
          servername: serverName(target),
          ca: [...target.ca],
          rejectUnauthorized: false,
          ...options,
        },
        until,
      ),
    );
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error);
    return code === 'EPROTO' && error instanceof Error ? error.message : code;
  }
}

async function shake(options: ConnectionOptions, until: AbortSignal): Promise<Handshake> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket: TLSSocket = connect(options);
  const giveUp = (): void => reject(until.reason);
  until.addEventListener('abort', giveUp, { once: true });
  socket.once('secureConnect', resolve);
  socket.on('error', reject);
  socket.once('close', () => reject(new Error('closed')));
  try {
    await promise;
    const error: unknown = socket.authorizationError;
    return {
      leaf: socket.getPeerCertificate(true),
      chainError:
        error === null || error === undefined
          ? undefined
          : error instanceof Error
            ? codeOf(error)
            : String(error),
      protocol: socket.getProtocol() ?? 'TLS',
    };
  } finally {
    until.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}

/** A peer that does not speak the versions that it is offered. */
const otherVersion =
  /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS|unsupported protocol|protocol version/i;
/** A peer that speaks no TLS at all. */
const noTls =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|wrong version number|packet length too long/i;
const cut = /^(ECONNRESET|EPIPE|closed)$/;

async function explain(context: StepContext, failure: string | typeof tooLate): Promise<Finding> {
  const { target, timeoutMs } = context;
  if (failure === tooLate)
    return brokenForNow(
      `The server takes the connection and then says nothing: no handshake within ${timeoutMs / 1_000} s`,
      'Check that this port is the one of HTTPS, that the server is not hung, and what stands before it (load balancer, inspection of TLS, a path with a smaller MTU)',
    );
  if (noTls.test(failure))
    return broken(
      `What answers on port ${target.port} does not speak TLS`,
      'It is probably plain HTTP: give the port of HTTPS in the URL, or http:// if that is meant',
    );
  if (otherVersion.test(failure)) return await oldProtocol(context);
  if (cut.test(failure))
    return brokenForNow(
      `The connection is cut during the handshake (${failure === 'closed' ? 'ECONNRESET' : failure})`,
      'Look at the log of the server, and at what stands before it: a load balancer without a healthy server, a firewall that knows this name, or a server at its limit',
    );
  return broken(
    `The handshake fails (${failure})`,
    'Compare versions and ciphers of both sides, and whether the server asks for a certificate of the client: `openssl s_client -connect HOST:PORT` shows them',
  );
}

async function oldProtocol(context: StepContext): Promise<Finding> {
  const old = await handshake(context, { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });
  const spoken =
    typeof old === 'object' ? `${old.protocol} and nothing newer` : 'neither TLS 1.2 nor TLS 1.3';
  return broken(
    `The server speaks ${spoken}`,
    'Have it speak TLS 1.2 or 1.3: clients of today refuse what is older (RFC 8996)',
  );
}
