/** Every check, in the order of the checklist. */
import type { Check } from '../bench/check.ts';
import { basics } from './basics.ts';
import { create } from './create.ts';
import { defects } from './defects.ts';
import { delays } from './delays.ts';
import { endings } from './endings.ts';
import { furtherApi } from './further-api.ts';
import { furtherData } from './further-data.ts';
import { plain } from './plain.ts';
import { populate } from './populate.ts';
import { program } from './program.ts';
import { toxicApi } from './toxic-api.ts';
import { toxicity } from './toxicity.ts';
import { update } from './update.ts';

export const checks: readonly Check[] = [
  ...basics,
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
  ...furtherApi,
  ...furtherData,
].toSorted((a, b) => a.item - b.item);
