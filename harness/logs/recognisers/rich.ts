import { textFormat } from '../text-format.ts';

/** Python's rich: the time only where it changes, and a text that is wrapped under its own beginning. */
export const rich = textFormat({
  id: 'rich',
  writtenBy: 'Python rich (`RichHandler`)',
  patterns: [
    /^(?:\[(?<time>(?:[\d/.-]+ )?\d\d:\d\d:\d\d)\]|\s{6,}) (?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) {1,5}(?<message>\S.*?)(?: {2,200}(?<place>\S+:\d+))?\s{0,200}$/s,
  ],
  indented: true,
  samples: [
    {
      lines:
        '[09:25:09] INFO     connect failed; reconnecting in 5.0 seconds:\n                    OSError: [Errno 51]',
      level: 'info',
      message: 'connect failed; reconnecting in 5.0 seconds:\n                    OSError: [Errno 51]',
    },
    {
      lines: '           ERROR    gave up                    agent.py:13',
      level: 'error',
      message: 'gave up',
      fields: { place: 'agent.py:13' },
    },
  ],
});
