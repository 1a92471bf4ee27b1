import { textFormat } from '../text-format.ts';

/** glog, klog, Abseil: a letter and the date together. The year and the zone are not told. */
export const glog = textFormat({
  id: 'glog',
  writtenBy: 'glog, klog, Kubernetes, Abseil, TensorFlow, CockroachDB',
  patterns: [
    /^(?<level>[IWEFD])(?<time>(?:\d{4}|\d{8}) \d\d:\d\d:\d\d\.\d+) +(?<thread>\d+) (?<file>[^\s\]]+:\d+)\] (?<message>.*)$/s,
    /^(?<level>[IWEF])(?<time>\d{6} \d\d:\d\d:\d\d\.\d+) (?<thread>\d+) (?<message>.*)$/s,
  ],
  samples: [
    {
      lines: 'E0302 10:00:00.250000   4711 main.go:45] no answer',
      level: 'error',
      message: 'no answer',
      fields: { thread: '4711', file: 'main.go:45' },
    },
    {
      lines: 'W260302 10:00:00.250000 17 server/node.go:9 ⋮ [n1] late',
      level: 'warn',
      message: 'server/node.go:9 ⋮ [n1] late',
    },
  ],
});
