/** The table of all toxics in docs/proxy/README.md, made from their declarations. */
import { everyWorld } from '../../harness/faults/fault.ts';
import type { AttributeValue } from '../../proxy/core/attributes.ts';
import type { ToxicType } from '../../proxy/core/toxic-type.ts';
import { toxicTypes, toxiproxyTypeNames } from '../../proxy/toxics/index.ts';
import { occasionAttributes } from '../../proxy/toxics/shared/occasions.ts';

/** The pages that say what clients see, by how the names of their toxics begin. */
const pages = [
  { title: 'TCP and time', page: 'tcp.md', prefix: '' },
  { title: 'TLS', page: 'tls.md', prefix: 'tls_' },
  { title: 'HTTP/1.1', page: 'http.md', prefix: 'http_' },
  { title: 'HTTP/2', page: 'http2.md', prefix: 'http2_' },
  { title: 'WebSocket', page: 'websocket.md', prefix: 'websocket_' },
  { title: 'MySQL', page: 'mysql.md', prefix: 'mysql_' },
];

export function toxicTable(): string {
  const types = [...toxicTypes.values()].toSorted((a, b) => a.type.localeCompare(b.type));
  const rows = pages.flatMap(({ title, page, prefix }) => [
    `| **[${title}](${page})** | | | |`,
    ...types.filter(({ type }) => prefixOf(type) === prefix).map(row),
  ]);
  return [
    '| toxic | attributes (default; values) | effect | carried by |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function prefixOf(type: string): string {
  return pages.find(({ prefix }) => prefix !== '' && type.startsWith(prefix))?.prefix ?? '';
}

function row({ type, attributes, summary = '' }: ToxicType): string {
  const carriers = [...everyWorld, ...(toxiproxyTypeNames.has(type) ? ['Toxiproxy'] : [])];
  return `| \`${type}\` | ${describe(attributes)} | ${summary} | ${carriers.join(', ')} |`;
}

function describe(attributes: ToxicType['attributes']): string {
  const names = Object.keys(attributes);
  const picks = Object.keys(occasionAttributes);
  const picky = picks.every((name) => names.includes(name));
  const own = Object.entries(attributes).filter(([name]) => !picky || !picks.includes(name));
  const shown = own.map(([name, { initial, unit, range }]) => {
    const measured = unit === undefined || unit === name ? '' : ` ${unit}`;
    return `\`${name}\`${measured} (${values(initial, range)})`;
  });
  return [...shown, ...(picky ? ['[occasions](#occasions)'] : [])].join(', ') || 'none';
}

/** The default, and what else there is: of several words the first is the default. */
function values(initial: AttributeValue, range: string): string {
  if (typeof initial === 'boolean') return String(initial);
  if (typeof initial === 'number') return `${initial}; ${range}`;
  return range.replace(/^one of .*$/, (words) => words.slice('one of '.length).replaceAll(/\w+/g, '`$&`'));
}
