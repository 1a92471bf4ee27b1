/** The worker of `--on embedded`: a process of its own, so that what it does cannot hold up who hands out the work. */
import { createRemoteEngine } from '../queue/channel/remote-engine.ts';
import { type EmbeddedSettings, settingsVariable } from '../scale/embedded/start-embedded.ts';
import { workHere } from './work-here.ts';

const settings = JSON.parse(process.env[settingsVariable] ?? '{}') as EmbeddedSettings;
const ending = new AbortController();
const engine = createRemoteEngine({
  send(message) {
    if (process.connected) process.send?.(message, () => {});
  },
  onMessage(listener) {
    process.on('message', listener);
    return () => process.off('message', listener);
  },
  onGone: (listener) => void process.once('disconnect', listener),
});
process.once('disconnect', () => ending.abort());
// Ctrl-C reaches the whole group; who began the run decides what becomes of it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

await workHere({
  ...settings,
  engine,
  announce(line) {
    if (process.connected) process.send?.({ note: line }, () => {});
  },
  signal: ending.signal,
});
process.exit();
