import { textFormat } from '../text-format.ts';

export const serilog = textFormat({
  id: 'serilog',
  writtenBy: 'Serilog on the console or in a file',
  patterns: [
    /^\[(?<time>\d\d:\d\d:\d\d) (?<level>VRB|DBG|INF|WRN|ERR|FTL)\] (?<message>.*)$/s,
    /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d) \[(?<level>VRB|DBG|INF|WRN|ERR|FTL|Verbose|Debug|Information|Warning|Error|Fatal)\] (?<message>.*)$/s,
  ],
  samples: [
    { lines: '[10:00:00 WRN] late', level: 'warn', message: 'late' },
    {
      lines:
        '2026-03-02 10:00:00.250 +01:00 [ERR] No answer\nSystem.IO.IOException: reset\n   at Fleet.Send()',
      level: 'error',
      message: 'No answer\nSystem.IO.IOException: reset\n   at Fleet.Send()',
      time: 1_772_442_000_250,
    },
  ],
});
