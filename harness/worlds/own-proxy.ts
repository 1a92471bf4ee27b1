/** The lab's fault proxy for one subject's run: what happens on its connections stands in the journal. */
import { type StartedProxy, startProxy } from 'shaketable-proxy';
import { recordProxyEvent } from './recording.ts';
import type { TableContext } from './table-deps.ts';

/** Starts it; it ends with the world. */
export async function startOwnProxy({
  random,
  journal,
  pace,
  authority,
  diallers,
  resources,
  wallClock: clock,
}: TableContext): Promise<StartedProxy> {
  const onEvent = recordProxyEvent.bind(undefined, journal, pace);
  const dialler = (address: string): string => diallers.at(address);
  return resources.use(
    await startProxy({ clock, random: random.fork('proxy'), authority, dialler, onEvent }),
  );
}
