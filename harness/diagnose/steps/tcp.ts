/** Does the server take connections? All addresses of the name are tried at once, for clients differ in which they take. */
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { connect } from 'node:net';
import { bounded, codeOf, tooLate } from '../bounded.ts';
import { brokenForNow, type Finding, holds, type Step, type StepContext } from '../step.ts';

export const tcpStep: Step = { id: 'tcp', look };

/** So many addresses of a name are tried. */
const mostAddresses = 8;

interface Attempt {
  readonly address: string;
  /** `ECONNREFUSED`, `ETIMEDOUT` …; undefined for one that connected. */
  readonly failure: string | undefined;
}

async function look(context: StepContext): Promise<Finding> {
  const { target, known } = context;
  const addresses = (known.addresses ?? []).slice(0, mostAddresses);
  const attempts = await Promise.all(addresses.map((address) => attempt(context, address)));
  const reached = attempts.find(({ failure }) => failure === undefined);
  if (reached === undefined) return unreachable(context, attempts);
  known.address = reached.address;
  const failed = attempts.filter(({ failure }) => failure !== undefined);
  return holds(
    at(reached.address, target.port),
    failed.map(
      ({ address, failure = '' }) =>
        `${at(address, target.port)} of the same name ${words[failure] ?? `fails with ${failure}`}: clients that try it first are slow or fail`,
    ),
  );
}

async function attempt(context: StepContext, { address }: LookupAddress): Promise<Attempt> {
  const { target, clock, timeoutMs, signal } = context;
  try {
    const done = await bounded(clock, timeoutMs, signal, async (until) => {
      const socket = connect({ host: address, port: target.port, signal: until });
      try {
        await once(socket, 'connect');
      } finally {
        socket.destroy();
      }
    });
    return { address, failure: done === tooLate ? 'ETIMEDOUT' : undefined };
  } catch (error) {
    signal.throwIfAborted();
    return { address, failure: codeOf(error) };
  }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached from this network',
  EADDRNOTAVAIL: 'cannot be reached from this machine',
};

function unreachable({ target, timeoutMs }: StepContext, attempts: readonly Attempt[]): Finding {
  const failures = new Set(attempts.map(({ failure }) => failure));
  const places = attempts.map(({ address }) => at(address, target.port)).join(', ');
  if (failures.size > 1) {
    const each = attempts.map(
      ({ address, failure }) => `${at(address, target.port)} ${words[failure ?? ''] ?? failure}`,
    );
    return brokenForNow(
      `No address of ${target.hostname} takes a connection: ${each.join('; ')}`,
      'Check that the server runs and listens at one of them, and the firewalls on the way',
    );
  }
  const [failure = 'nothing to try'] = failures;
  switch (failure) {
    case 'ECONNREFUSED':
      return brokenForNow(
        `Nothing listens at ${places}: the connection is refused`,
        `Start the server, or correct the port in the URL; \`ss -ltn\` on its machine shows what listens there, and whether only at 127.0.0.1`,
      );
    case 'ETIMEDOUT':
      return brokenForNow(
        `Nobody answers at ${places} within ${timeoutMs / 1_000} s: packets disappear on the way`,
        'Check firewalls and security groups on the way, the route, and that the machine is up; a server that only is slow would have taken the connection',
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return brokenForNow(
        `There is no way to ${places} (${failure})`,
        places.startsWith('[')
          ? 'This machine has no IPv6 route there: give it one, or let the name have an IPv4 address as well'
          : 'Check the network of this machine, its routes and its VPN',
      );
    default:
      return brokenForNow(
        `${places} takes no connection (${failure})`,
        'Check the network between here and there',
      );
  }
}

const at = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
