/** Whether this machine lets one process have as many connections as a fleet needs. */
import { readFileSync } from 'node:fs';
import { LabError } from '../../../errors.ts';

/** What the system allows. */
export interface SystemLimits {
  /** Files and sockets that a process may have open. */
  readonly openFiles: number;
  /** Ports that the system gives to the client's end of connections, for each of its addresses. */
  readonly ports: number;
  /** Whether every address of 127.0.0.0/8 is this machine's. */
  readonly manyAddresses: boolean;
}

/** Beside connections: files of Node, and those that wait for their turn. */
const otherFiles = 200;
/** Connections of which one end is gone and the other is not yet, and ports that rest after use. */
const reserve = 1.25;

/**
 * The addresses that agents take turns with, so that ports suffice; none where those of one address do.
 * @throws LabError `LAB_BAD_INPUT` when this machine cannot have as many, with what to do
 */
export function addressesFor(agents: number, limits: SystemLimits): string[] {
  const { openFiles, ports, manyAddresses } = limits;
  const files = Math.ceil(agents * reserve) + otherFiles;
  if (files > openFiles) {
    const most = Math.max(1, Math.floor((openFiles - otherFiles) / reserve));
    throw new LabError(
      'LAB_BAD_INPUT',
      `${count(agents)} agents need ${count(files)} open files in a process, which may have ${count(openFiles)} here`,
      { hint: `Raise the limit for this shell, \`ulimit -n ${files}\`, or give at most --agents ${most}.` },
    );
  }
  const addresses = Math.ceil((agents * reserve) / ports);
  if (addresses <= 1) return [];
  if (!manyAddresses) {
    throw new LabError(
      'LAB_BAD_INPUT',
      `${count(agents)} agents need more ports than the ${count(ports)} that the system gives out`,
      { hint: `Give at most --agents ${Math.floor(ports / reserve)}, or widen the system's range of ports.` },
    );
  }
  return Array.from({ length: addresses }, (_, index) => `127.0.0.${index + 1}`);
}

/** Those of this machine. Node raises the soft limit of open files to the hard one when it starts. */
export function systemLimits(): SystemLimits {
  const { ports, manyAddresses } = portsOf(process.platform);
  return { openFiles: openFilesLimit(), ports, manyAddresses };
}

function openFilesLimit(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: unknown } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isNaN(soft) ? Number.POSITIVE_INFINITY : soft;
}

/** What IANA keeps for this (RFC 6335), where the system does not say. */
const usualPorts = 16_384;

function portsOf(platform: NodeJS.Platform): Pick<SystemLimits, 'ports' | 'manyAddresses'> {
  if (platform !== 'linux') return { ports: usualPorts, manyAddresses: false };
  const [first = 0, last = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
    .trim()
    .split(/\s+/)
    .map(Number);
  return { ports: last - first + 1, manyAddresses: true };
}

const count = (value: number): string => value.toLocaleString('en');
