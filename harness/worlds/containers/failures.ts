/** What Docker and Testcontainers say when something goes wrong, as errors of the lab: the cause, and what to do next. */
import { isLabError, LabError, type LabErrorCode } from '../../errors.ts';

const shownLines = 12;

/** What they say, and what it means; the first that fits is taken. */
const signs: readonly { sign: RegExp; code: LabErrorCode; hint: string }[] = [
  {
    sign: /no space left on device|disk quota exceeded/i,
    code: 'LAB_DISK_FULL',
    hint: 'Free some space in the data directory of the Docker engine: `docker system df` shows what it holds.',
  },
  {
    sign: /does not exist locally|no such image|manifest unknown|pull access denied|failed to pull/i,
    code: 'LAB_IMAGE_MISSING',
    hint: 'Pull it (`docker pull NAME`); docs/worlds.md says how to do without a registry.',
  },
  {
    sign: /ECONNREFUSED|ENOENT.*docker|ECONNRESET|socket hang up|Could not find a working container runtime|EPIPE|ENOENT.*sock/i,
    code: 'LAB_ENGINE_GONE',
    hint: 'See that the engine runs (`docker version`), or use --world local.',
  },
  {
    sign: /port is already allocated|address already in use/i,
    code: 'LAB_PORT_TAKEN',
    hint: 'Another program has the port: choose another one, or stop that program.',
  },
];

/** The error for a container that could not be started, or a stack that broke; an error of the lab stays as it is. */
export function containerError(what: string, log: readonly string[] = [], cause?: unknown): LabError {
  if (isLabError(cause)) return cause;
  const reason = reasonOf(cause);
  const told = log.filter((line) => line.trim() !== '').slice(-shownLines);
  const known = signs.find(({ sign }) => [reason, ...told].some((line) => sign.test(line)));
  const excerpt = told.map((line) => `\n  ${line}`).join('');
  return new LabError(known?.code ?? 'LAB_CONTAINER_START', `${what}: ${reason}${excerpt}`, {
    hint: known?.hint ?? 'The last lines of its log, above, say why.',
    ...(cause !== undefined && { cause }),
  });
}

/** Whether `error` says that the engine itself is no longer there. */
export function isEngineGone(error: unknown): boolean {
  return containerError('', [], error).code === 'LAB_ENGINE_GONE';
}

/** What an error says, with its code; for `fetch`, what is behind it. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.cause instanceof Error) return reasonOf(cause.cause);
  const code = 'code' in cause ? ` (${String(cause.code)})` : '';
  const inner = cause instanceof AggregateError ? cause.errors.map(reasonOf).join('; ') : cause.message;
  return `${inner}${code}`;
}
