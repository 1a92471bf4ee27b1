/**
 * Every kind of check, by the name under which scenarios import it. A new kind needs a line here, and no other.
 */
export { accounted } from './accounted.ts';
export { atOnce } from './at-once.ts';
export { backOff } from './back-off.ts';
export { burst } from './burst.ts';
export { count } from './count.ts';
export { countsAgree } from './counts-agree.ts';
export { distinct } from './distinct.ts';
export { each } from './each.ts';
export { followed } from './followed.ts';
export { growth } from './growth.ts';
export { honestClaims } from './honest-claims.ts';
export { intervals } from './intervals.ts';
export { jitter } from './jitter.ts';
export { noMissing } from './no-missing.ts';
export { noSecret } from './no-secret.ts';
export { nothingLeftOpen } from './nothing-left-open.ts';
export { oneEffectEach } from './one-effect.ts';
export { persevered } from './persevered.ts';
export { plausibleTimes } from './plausible-times.ts';
export { ratio } from './ratio.ts';
export { rightLevels } from './right-levels.ts';
export { soundWaits } from './sound-waits.ts';
export { statistic } from './statistic.ts';
export { tallied } from './tallied.ts';
export { toldOnce } from './told-once.ts';
export { trueBeliefs } from './true-beliefs.ts';
