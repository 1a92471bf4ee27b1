/** Every check, in the order of the checklist. */
import type { Check } from '../bench/check.ts';
import { create } from './create.ts';
import { defects } from './defects.ts';
import { delays } from './delays.ts';
import { endings } from './endings.ts';
import { oddRequests } from './odd-requests.ts';
import { plain } from './plain.ts';
import { populate } from './populate.ts';
import { program } from './program.ts';
import { routesAndErrors } from './routes-and-errors.ts';
import { toxicApi } from './toxic-api.ts';
import { toxicity } from './toxicity.ts';
import { toxicsUnderTraffic } from './toxics-under-traffic.ts';
import { update } from './update.ts';

export const checks: readonly Check[] = [
  ...routesAndErrors,
  ...create,
  ...update,
  ...populate,
  ...toxicApi,
  ...plain,
  ...delays,
  ...endings,
  ...toxicity,
  ...program,
  ...defects,
  ...oddRequests,
  ...toxicsUnderTraffic,
].toSorted((a, b) => a.item - b.item);
