/** Prints the digests of so many stories in virtual time, one a line: for whoever compares two processes. */
import { tellBoth, tellHttp } from './stories.ts';

const [stories = '1000', both = '50'] = process.argv.slice(2);
for (let seed = 1; seed <= Number(stories); seed += 1) console.log((await tellHttp(seed)).digest);
for (let seed = 1; seed <= Number(both); seed += 1) console.log((await tellBoth(seed)).digest);
