/** `shaketable down --on URL [RUN…]`: removes runs from a server that hands out work, or shows which there are. */
import { LabError } from '../errors.ts';
import { openNatsEngine } from '../queue/nats/nats-engine.ts';

export async function downOnCommand(wanted: readonly string[], url: string): Promise<number> {
  await using engine = await openNatsEngine(url);
  const known = (await engine.runs()).map(({ run }) => run);
  if (wanted.length === 0) {
    if (known.length === 0) console.log(`${engine.address} has no run.`);
    else console.log([`Runs of ${engine.address}; name those to remove:`, ...known].join('\n  '));
    return 0;
  }
  const missing = wanted.find((run) => !known.includes(run));
  if (missing !== undefined)
    throw new LabError('LAB_RUN_NOT_FOUND', `${engine.address} has no run ${missing}`, {
      hint: known.length === 0 ? 'It has none at all.' : `It has ${known.join(', ')}.`,
    });
  for (const run of wanted) {
    await engine.remove(run);
    console.log(`${run}: removed`);
  }
  return 0;
}
