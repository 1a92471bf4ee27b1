/** Seals the process before anything else is loaded: some libraries keep the clocks and the chance that they find. */
import { seal } from '../../simulation/seal/seal.ts';

seal();
