/** Ports by the names of services, as Go's `net` package finds them: from `/etc/services` and, without it, a few. */
import { readFileSync } from 'node:fs';

const file = '/etc/services';
const known: readonly (readonly [string, number])[] = [
  ['http', 80],
  ['https', 443],
];

let ports: ReadonlyMap<string, number> | undefined;

/** The TCP port of a service; letter case does not matter. The file is read once. */
export function servicePort(name: string): number | undefined {
  ports ??= new Map([...known, ...tcpServices(readServices())]);
  return ports.get(name.toLowerCase());
}

/** The entries of a services(5) file: `name port/protocol alias … # comment`. */
export function tcpServices(text: string): [string, number][] {
  return text.split('\n').flatMap((line) => {
    const [name, portAndProtocol = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const port = /^(\d+)\/tcp$/.exec(portAndProtocol)?.[1];
    if (name === undefined || port === undefined) return [];
    return [name, ...aliases].map((service): [string, number] => [service.toLowerCase(), Number(port)]);
  });
}

function readServices(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
