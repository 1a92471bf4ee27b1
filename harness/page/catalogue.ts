/** The kinds of toxics as data that forms are made from: those that are built in, and those that a program registered. */
import { type ToxicType, toxicTypes } from 'shaketable-proxy';
import type { AttributeField, ToxicKind } from './messages.ts';

/** By how the names of the types begin; the rest knows no protocol. */
const groups: Readonly<Record<string, string>> = {
  tls: 'TLS',
  http: 'HTTP',
  websocket: 'WebSocket',
  mysql: 'MySQL',
};

const order = ['TCP and time', ...Object.values(groups)];

/** By protocol, each by name. */
export function catalogue(): readonly ToxicKind[] {
  return [...toxicTypes.values()]
    .map(toKind)
    .toSorted((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || a.type.localeCompare(b.type));
}

function toKind({ type, summary = '', attributes }: ToxicType): ToxicKind {
  const group = groups[type.split('_', 1)[0] ?? ''] ?? 'TCP and time';
  return { type, group, summary, attributes: Object.entries(attributes).map(toField) };
}

function toField([name, { initial, unit, range, form }]: [
  string,
  ToxicType['attributes'][string],
]): AttributeField {
  return { name, initial, range, form, ...(unit && { unit }) };
}
