import { textFormat } from '../text-format.ts';

export const chromium = textFormat({
  id: 'chromium',
  writtenBy: 'Chromium, Electron, CEF',
  patterns: [
    /^\[(?:(?<pid>\d+):(?<tid>\d+):)?(?<time>\d{4}\/\d{6}\.\d+):(?<level>INFO|WARNING|ERROR|FATAL|VERBOSE\d*):(?<file>[^\]]+)\] (?<message>.*)$/s,
  ],
  levels: { VERBOSE1: 'debug', VERBOSE2: 'trace' },
  samples: [
    {
      lines: '[7:9:0302/100000.250000:ERROR:ssl_client_socket_impl.cc(878)] handshake failed; returned -1',
      level: 'error',
      message: 'handshake failed; returned -1',
      fields: { pid: '7', tid: '9', file: 'ssl_client_socket_impl.cc(878)' },
    },
  ],
});
