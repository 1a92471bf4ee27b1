/** What Toxiproxy counted itself, put into the journal: the proof that the links of a run went through it. */
import type { Journal } from '../../journal/journal.ts';
import { readApi } from '../api-proxy.ts';

/** A line of the text format: `toxiproxy_proxy_sent_bytes_total{direction="upstream",proxy="…",…} 1234`. */
const line = /^toxiproxy_proxy_(received|sent)_bytes_total\{(.*)\} (\S+)$/gm;

/** An entry `toxiproxy.metrics` for each link: bytes received and sent in both directions, as connections had ended. */
export async function journalMetrics(
  journal: Journal,
  apiUrl: string,
  links: readonly { readonly link: string; readonly toxiproxy: { readonly name: string } }[],
): Promise<void> {
  if (links.length === 0) return;
  const counters = [...(await readApi(apiUrl, '/metrics')).matchAll(line)];
  for (const { link, toxiproxy } of links) {
    const counted: Partial<Record<Count, number>> = {};
    for (const [, what, labels = '', value = ''] of counters) {
      if (labelIn(labels, 'proxy') !== toxiproxy.name) continue;
      const direction = labelIn(labels, 'direction') === 'upstream' ? 'Up' : 'Down';
      counted[`${what as 'received' | 'sent'}${direction}`] = Number(value);
    }
    journal.append('proxy', 'toxiproxy.metrics', { link, proxy: toxiproxy.name, ...counted });
  }
}

type Count = `${'received' | 'sent'}${'Up' | 'Down'}`;

function labelIn(labels: string, name: string): string | undefined {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1];
}
