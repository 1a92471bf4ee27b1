/**
 * The check before the first piece of work (R2.10): is the server there, and is it ours? An agent that starts without
 * a server would only fill logs; this one says what is wrong and ends.
 */
import type { Log } from '../../shared/log.ts';
import { previewToken } from '../../shared/redact.ts';
import type { ApiClient } from '../api-client.ts';
import { checkHealth } from '../operation.ts';

const rule = '='.repeat(60);

/** What the check needs. */
export interface StartUpCheck {
  readonly log: Log;
  readonly client: ApiClient;
  readonly serverUrl: string;
  readonly token: string;
}

/** Shows the banner and asks for the server's health. Throws the `OperationError` of a server that is not there. */
export async function checkServer(
  { log, client, serverUrl, token }: StartUpCheck,
  signal: AbortSignal,
): Promise<void> {
  for (const line of [
    rule,
    'AGENT STARTUP - SERVER CONNECTIVITY CHECK',
    rule,
    `Server URL: ${serverUrl}`,
    `Client Token: ${previewToken(token)}`,
  ]) {
    log.info(line);
  }
  try {
    await client.call(checkHealth('startup_check', { once: true }), signal);
    log.info('✓ Server is reachable (health check passed)');
  } catch (error) {
    if (!signal.aborted) log.error('✗ Server is not usable (health check failed), the agent does not start');
    throw error;
  } finally {
    log.info(rule);
  }
}
