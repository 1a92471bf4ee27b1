/** fast-check with a seed of its own, so that a run can be had again; `SEED=7 npm test` draws others. */
import fc from 'fast-check';

const { SEED = '1' } = process.env;
fc.configureGlobal({ seed: Number(SEED) });

export default fc;
