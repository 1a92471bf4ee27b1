/** Does the name of the server resolve? */
import { isIP } from 'node:net';
import { bounded, codeOf, tooLate } from '../bounded.ts';
import { broken, brokenForNow, type Finding, holds, type Step, type StepContext } from '../step.ts';

export const nameStep: Step = { id: 'name', look };

async function look({ target, known, lookup, clock, timeoutMs, signal }: StepContext): Promise<Finding> {
  const { hostname } = target;
  const family = isIP(hostname);
  if (family !== 0) {
    known.addresses = [{ address: hostname, family }];
    return holds(`${hostname} is an address`);
  }
  try {
    const found = await bounded(clock, timeoutMs, signal, () => lookup(hostname));
    if (found === tooLate) return noResolver(`The resolver did not answer within ${timeoutMs / 1_000} s`);
    if (found.length === 0) return noSuchName(hostname);
    known.addresses = found;
    return holds(`${hostname} is ${found.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error);
    return code === 'ENOTFOUND' || code === 'ENODATA'
      ? noSuchName(hostname)
      : noResolver(`The name ${hostname} could not be looked up (${code})`);
  }
}

const noSuchName = (hostname: string): Finding =>
  broken(
    `The name ${hostname} does not resolve: no such host is known here`,
    'Check its spelling in the URL, then the DNS record, the search domain and /etc/hosts of this machine',
  );

const noResolver = (cause: string): Finding =>
  brokenForNow(cause, 'Check the name servers of this machine (/etc/resolv.conf) and the network to them');
