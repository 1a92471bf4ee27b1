/** Adds, changes and removes random toxics on the proxies of a server, one step after the other, through its API. */

import type { Clock } from '../../../proxy/core/clock.ts';
import type { Random } from '../../../proxy/core/random.ts';
import fc from '../../support/fast-check.ts';
import { type HarmlessToxic, harmlessChange, harmlessToxic } from '../harmless-toxics.ts';
import { below } from './plan.ts';

type NamedToxic = HarmlessToxic & { readonly name: string };

const mostToxics = 6;
/** No control may take longer than this, whatever the traffic. */
const answerMs = 5_000;

export class Agitation {
  readonly #url: string;
  readonly #proxies: readonly string[];
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #toxics = new Map<string, NamedToxic[]>();
  #steps = 0;
  #lastSteps: string[] = [];

  constructor(url: string, proxies: readonly string[], random: Random, clock: Clock) {
    this.#url = url;
    this.#proxies = proxies;
    this.#random = random;
    this.#clock = clock;
  }

  get steps(): number {
    return this.#steps;
  }

  /** A proxy's toxics and the last steps on it, for an error message. */
  history(proxy: string): string {
    const toxics = this.#toxics.get(proxy)?.map((toxic) => JSON.stringify(toxic)) ?? [];
    const steps = this.#lastSteps.filter((step) => step.includes(` ${proxy}/`)).slice(-8);
    return ['toxics:', ...toxics, 'last steps:', ...steps].join('\n    ');
  }

  /** One change at random. @throws when the API refuses it or takes too long */
  async step(): Promise<void> {
    const proxy = this.#proxies[below(this.#random, this.#proxies.length)] ?? '';
    const toxics = this.#toxics.get(proxy) ?? [];
    this.#toxics.set(proxy, toxics);
    this.#steps += 1;
    const draw = this.#random.next();
    if (toxics.length < 2 || (draw < 0.35 && toxics.length < mostToxics)) await this.#add(proxy, toxics);
    else if (draw < 0.6) await this.#change(proxy, toxics);
    else await this.#removeOldest(proxy, toxics);
  }

  /** Removes what is left. */
  async calm(): Promise<void> {
    await this.#call('POST', '/reset', undefined, 204);
  }

  async #add(proxy: string, toxics: NamedToxic[]): Promise<void> {
    const toxic = { name: `t${this.#steps}`, ...this.#draw(harmlessToxic) };
    toxics.push(toxic);
    await this.#call('POST', `/proxies/${proxy}/toxics`, toxic, 200);
  }

  async #change(proxy: string, toxics: readonly NamedToxic[]): Promise<void> {
    const toxic = toxics[below(this.#random, toxics.length)];
    if (toxic === undefined) return;
    const change = this.#draw(harmlessChange(toxic.type));
    await this.#call('PATCH', `/proxies/${proxy}/toxics/${toxic.name}`, change, 200);
  }

  /** The oldest goes, so that none holds a connection for ever. */
  async #removeOldest(proxy: string, toxics: NamedToxic[]): Promise<void> {
    const toxic = toxics.shift();
    if (toxic) await this.#call('DELETE', `/proxies/${proxy}/toxics/${toxic.name}`, undefined, 204);
  }

  #draw<T>(arbitrary: fc.Arbitrary<T>): T {
    const [drawn] = fc.sample(fc.noBias(arbitrary), { seed: below(this.#random, 2 ** 31), numRuns: 1 });
    if (drawn === undefined) throw new Error('Expected a draw');
    return drawn;
  }

  async #call(method: string, path: string, body: object | undefined, expected: number): Promise<void> {
    const text = body && JSON.stringify(body);
    this.#note(`step ${this.#steps}: ${method} ${path.slice('/proxies'.length)} ${text ?? ''}`);
    const started = this.#clock.now();
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      ...(text === undefined ? {} : { body: text }),
    });
    const said = await answer.text();
    const tookMs = Math.round(this.#clock.now() - started);
    if (answer.status !== expected) throw new Error(`${method} ${path} ${text}: ${answer.status} ${said}`);
    if (tookMs > answerMs) throw new Error(`${method} ${path} took ${tookMs} ms`);
  }

  #note(step: string): void {
    this.#lastSteps.push(step.replace(' /', ' '));
    this.#lastSteps = this.#lastSteps.slice(-200);
  }
}
