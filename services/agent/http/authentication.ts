/**
 * What to make of a 401 or a 403 (R1.6, R2.3, R2.4). One refusal after successes may be a race on the server, so it
 * is only suspected; refused again in a later cycle it is confirmed and reported, once. The token is kept all along,
 * and work goes on at its usual interval, so that an account that is activated again is noticed.
 */
import type { Clock } from '../../clock.ts';
import type { Failure } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { previewToken } from '../shared/redact.ts';

/** A refused request, as the report shows it. */
export interface Refusal {
  readonly method: string;
  readonly url: string;
  readonly failure: Failure;
  /** The answer's text. */
  readonly body: string;
}

/** Whether the server accepts the token, as far as is known. */
export type AuthenticationState = 'unproven' | 'accepted' | 'suspected' | 'refused';

/** Follows the server's opinion of the token. */
export class Authentication implements Disposable {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #token: string;
  readonly #confirmAfterMs: number;
  #state: AuthenticationState = 'unproven';
  #suspectedAtMs = 0;
  #refusedAtMs = 0;
  #refusals = 0;

  /** A refusal is confirmed by another one `confirmAfterMs` later or more: long enough to lie in another cycle. */
  constructor(log: Log, clock: Clock, token: string, confirmAfterMs: number) {
    this.#log = log;
    this.#clock = clock;
    this.#token = token;
    this.#confirmAfterMs = confirmAfterMs;
  }

  get state(): AuthenticationState {
    return this.#state;
  }

  /** The server accepted the token. */
  accepted(): void {
    if (this.#state === 'refused') {
      const message = `Authentication accepted again after ${this.#refusals} refusals`;
      this.#log.info(message, {
        event: 'operation_recovered',
        operation: 'authentication',
        failures: this.#refusals,
      });
    }
    this.#state = 'accepted';
    this.#refusals = 0;
  }

  /** The server refused the token. */
  refused(refusal: Refusal): void {
    this.#refusals += 1;
    if (this.#state === 'accepted') this.#suspect(refusal);
    else if (this.#state === 'unproven' || this.#isSuspectedForLong()) this.#confirm(refusal);
  }

  /** Says how many refusals were not reported one by one, if the token is still refused. */
  [Symbol.dispose](): void {
    if (this.#state !== 'refused' || this.#refusals < 2) return;
    const count = this.#refusals - 1;
    const sinceMs = Math.round(this.#clock.now() - this.#refusedAtMs);
    const message = `${count} more refusals of the client token`;
    this.#log.error(message, { event: 'suppressed', key: 'auth_refused', count, sinceMs });
  }

  #isSuspectedForLong(): boolean {
    return this.#state === 'suspected' && this.#clock.now() - this.#suspectedAtMs >= this.#confirmAfterMs;
  }

  #suspect(refusal: Refusal): void {
    this.#state = 'suspected';
    this.#suspectedAtMs = this.#clock.now();
    const { failure, method, url } = refusal;
    const message = `HTTP error ${failure.status}: ${method} ${url} - refused once, trying again at the next interval`;
    this.#log.debug(message, this.#fields(refusal, false));
  }

  #confirm(refusal: Refusal): void {
    this.#state = 'refused';
    this.#refusedAtMs = this.#clock.now();
    const { failure, method, url, body } = refusal;
    const lines = [
      `HTTP error ${failure.status}: ${method} ${url}`,
      `Response: ${body}`,
      'Authentication failed - check CLIENT_TOKEN configuration',
      `Current token: ${previewToken(this.#token)}`,
    ];
    this.#log.error(lines.join('\n'), this.#fields(refusal, true));
  }

  #fields({ failure, method, url, body }: Refusal, confirmed: boolean): Record<string, unknown> {
    const { category, severity, definite, code, status } = failure;
    const tokenPreview = previewToken(this.#token);
    const what = { method, url, status, body, tokenPreview, category, severity, definite, code };
    return { event: 'auth_refused', confirmed, ...what };
  }
}
