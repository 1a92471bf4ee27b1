/** `GET /metrics`: Toxiproxy's figures under its names, ours beside them. */
import net from 'node:net';
import { expect, it } from 'vitest';
import { ProxyCommand } from './command.ts';
import { serveLines } from './line-server.ts';

const series = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

it('counts the bytes of connections once they have ended [114, 115]', async () => {
  await using server = await serveLines();
  await using proxy = await ProxyCommand.start(['-proxy-metrics']);
  const upstream = `127.0.0.1:${server.port}`;
  const { text } = await proxy.api('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream });
  const { listen } = JSON.parse(text) as { listen: string };
  const metrics = async (): Promise<string> => (await proxy.api('GET', '/metrics')).text;
  const client = net.connect(Number(listen.split(':')[1]), '127.0.0.1');
  client.write('four\n');
  await new Promise((resolve) => client.once('data', resolve));

  const open = await metrics();
  expect(open).not.toContain('toxiproxy_proxy_');
  expect(series(open, 'shaketable_proxy_open_connections')).toEqual([
    'shaketable_proxy_open_connections{proxy="p"} 1',
  ]);
  expect(series(open, 'shaketable_proxy_received_bytes_total')).toEqual([
    'shaketable_proxy_received_bytes_total{direction="downstream",proxy="p"} 5',
    'shaketable_proxy_received_bytes_total{direction="upstream",proxy="p"} 5',
  ]);

  await proxy.api('POST', '/proxies/p/toxics', { type: 'blackhole', stream: 'downstream' });
  client.end('x\n');
  await proxy.line('Toxic struck');
  await proxy.api('DELETE', '/proxies/p');
  const labels = (direction: string): string =>
    `direction="${direction}",listener="${listen}",proxy="p",upstream="${upstream}"`;
  const ended = await metrics();
  expect(series(ended, 'toxiproxy_proxy_received_bytes_total')).toEqual([
    `toxiproxy_proxy_received_bytes_total{${labels('downstream')}} 7`,
    `toxiproxy_proxy_received_bytes_total{${labels('upstream')}} 7`,
  ]);
  expect(series(ended, 'toxiproxy_proxy_sent_bytes_total')).toEqual([
    `toxiproxy_proxy_sent_bytes_total{${labels('downstream')}} 5`,
    `toxiproxy_proxy_sent_bytes_total{${labels('upstream')}} 7`,
  ]);
  expect(series(ended, 'shaketable_proxy_connections_total')).toEqual([
    'shaketable_proxy_connections_total{proxy="p"} 1',
  ]);
  expect(series(ended, 'shaketable_proxy_strikes_total')).toEqual([
    'shaketable_proxy_strikes_total{proxy="p",toxic="blackhole_downstream",type="blackhole",reached="true"} 1',
  ]);
  expect(series(ended, 'shaketable_proxy_open_connections')).toEqual([
    'shaketable_proxy_open_connections{proxy="p"} 0',
  ]);
  expect(ended).not.toContain('process_');
});

it('has figures of the process under -runtime-metrics, by any method', async () => {
  await using proxy = await ProxyCommand.start(['-runtime-metrics']);

  const answer = await fetch(`${proxy.url}/metrics`, { method: 'POST' });

  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  const [memory = ''] = series(text, 'process_resident_memory_bytes');
  expect(Number(memory.split(' ')[1])).toBeGreaterThan(10_000_000);
  expect(text).toMatch(/^# TYPE process_cpu_seconds_total counter$/m);
  expect(text).toContain(`nodejs_version_info{version="${process.version}"} 1\n`);
  expect(series(text, 'promhttp_metric_handler_errors_total')).toHaveLength(2);
  expect(text).not.toContain('shaketable_proxy_');
});

it('has nothing there without either flag [11]', async () => {
  await using proxy = await ProxyCommand.start();

  expect((await proxy.api('GET', '/metrics')).status).toBe(404);
});
