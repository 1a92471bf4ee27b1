/** Each example gets its verdict, without a change to its code, from the file beside it. */
import { pairs, tryPairs } from './pairs.ts';

tryPairs(pairs);
