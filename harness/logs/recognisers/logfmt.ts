import { pairsFormat } from '../pairs-format.ts';

export const logfmt = pairsFormat({
  id: 'logfmt',
  writtenBy: 'logfmt: go-kit, Grafana, Prometheus, Heroku',
  begins: /^[A-Za-z_@][\w.@/-]*=/,
  fallback: true,
  samples: [
    {
      lines:
        'ts=2026-03-02T11:20:05.118Z caller=client.go:412 level=warn msg="will \\"retry\\"" status=-1 tenant= error="a b"',
      level: 'warn',
      message: 'will "retry"',
      time: 1_772_450_405_118,
      fields: { caller: 'client.go:412', status: '-1', tenant: '', error: 'a b' },
    },
    { lines: 'at=1772450405 lvl=eror msg=gone', level: 'error', message: 'gone', time: 1_772_450_405_000 },
  ],
});
