import { textFormat } from '../text-format.ts';

/** uvicorn: the level, a colon, and spaces up to the tenth column. */
export const uvicorn = textFormat({
  id: 'uvicorn',
  writtenBy: 'uvicorn, FastAPI',
  patterns: [/^(?=[A-Z: ]{9} )(?<level>[A-Z]+): +(?<message>\S.*)$/s],
  samples: [
    {
      lines: 'INFO:     127.0.0.1:52114 - "GET /health HTTP/1.1" 200 OK',
      level: 'info',
      message: '127.0.0.1:52114 - "GET /health HTTP/1.1" 200 OK',
    },
    {
      lines: 'WARNING:  Invalid HTTP request received.',
      level: 'warn',
      message: 'Invalid HTTP request received.',
    },
  ],
});
