import type { Recogniser } from '../recogniser.ts';
import type { ReadLevel } from '../record.ts';

/**
 * How runtimes announce an error that nothing caught; `fatal` where they say that the program ends of it. Their warnings are no
 * records of the program, and have no level.
 */
const announcements: readonly (readonly [RegExp, ReadLevel])[] = [
  [/^(?:\(node:\d+\) |WARNING: DATA RACE|\S+:\d+: \w+Warning: |Unhandled(?:Promise)?Rejection)/, 'unknown'],
  [/^(?:panic: |fatal error: |runtime: goroutine stack exceeds)/, 'fatal'],
  [
    /^(?:Fatal Python error: |FATAL ERROR: |Unhandled exception\.|terminate called |Segmentation fault|#\s+A fatal error has been detected)/,
    'fatal',
  ],
  [/^(?:node:[\w/]+|file:\/\/\S+|\/\S+\.[cm]?[jt]s):\d+$/, 'fatal'],
  [/^(?:Exception Group )?Traceback \(most recent call last\):/, 'error'],
  [/^Exception in thread /, 'error'],
  [/^thread '.*' (?:\(\d+\) )?panicked at /, 'error'],
];

/** What a runtime prints by itself, into the midst of whatever the program logs. */
export const crash: Recogniser = {
  id: 'crash',
  writtenBy: 'runtimes: uncaught errors and warnings of Go, Python, Node, Java, Rust, .NET, C++',
  fallback: true,
  more: 'trace',
  // Go prints functions without indentation, Node the line of code, Rust the text of the panic.
  continues:
    /^(?:[\w./~-]+\.[\w.()*·[\]]+\(.*\)|main\.\S+|\s*\^+|\S.*;|throw .*|Error(?: \[\w+\])?(?:: .*)?|\[recovered\].*)$/,
  read({ text }) {
    const [, level] = announcements.find(([shape]) => shape.test(text)) ?? [];
    return level === undefined ? undefined : { level, message: text };
  },
  samples: [
    {
      lines: '(node:7) Warning: Setting NODE_TLS_REJECT_UNAUTHORIZED to 0 is insecure',
      level: 'unknown',
      message: '(node:7) Warning: Setting NODE_TLS_REJECT_UNAUTHORIZED to 0 is insecure',
    },
    {
      lines: 'agent.py:3: DeprecationWarning: old\n  warnings.warn("old", DeprecationWarning)',
      level: 'unknown',
      message: 'agent.py:3: DeprecationWarning: old\n  warnings.warn("old", DeprecationWarning)',
    },
    {
      lines:
        'panic: assignment to entry in nil map\ngoroutine 1 [running]:\nmain.main()\n\t/agent/main.go:54 +0x30c5',
      level: 'fatal',
      message:
        'panic: assignment to entry in nil map\ngoroutine 1 [running]:\nmain.main()\n\t/agent/main.go:54 +0x30c5',
    },
    {
      lines: 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 1',
      level: 'error',
      message: 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 1',
    },
    {
      lines:
        "/agent/main.js:3\n  throw new Error('boom');\n  ^\nError: boom\n    at f (/agent/main.js:3:9)\nNode.js v24.21.0",
      level: 'fatal',
      message:
        "/agent/main.js:3\n  throw new Error('boom');\n  ^\nError: boom\n    at f (/agent/main.js:3:9)\nNode.js v24.21.0",
    },
    {
      lines: 'Exception in thread "main" java.lang.IllegalStateException: boom\n\tat A.main(A.java:1)',
      level: 'error',
      message: 'Exception in thread "main" java.lang.IllegalStateException: boom\n\tat A.main(A.java:1)',
    },
  ],
};
