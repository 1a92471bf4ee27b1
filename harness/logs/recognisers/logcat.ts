import { textFormat } from '../text-format.ts';

/** Android's logcat as `threadtime`, its usual output, and as `brief`. */
export const logcat = textFormat({
  id: 'logcat',
  writtenBy: 'Android `logcat`',
  patterns: [
    /^(?<time>\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) +(?<pid>\d+) +(?<tid>\d+) (?<level>[VDIWEFA]) (?<tag>[^:]*?) *: (?<message>.*)$/s,
    /^(?<level>[VDIWEFA])\/(?<tag>[^(]{1,60}?) *\( *(?<pid>\d+)\): (?<message>.*)$/s,
  ],
  levels: { A: 'fatal' },
  samples: [
    {
      lines: '03-02 10:00:00.250  4711  4712 W OkHttp  : late',
      level: 'warn',
      message: 'late',
      fields: { pid: '4711', tid: '4712', tag: 'OkHttp' },
    },
    { lines: 'E/OkHttp  ( 4711): no answer', level: 'error', message: 'no answer' },
  ],
});
