/** Turns request bodies into what the registry and the proxies understand, in Toxiproxy's order of checks. */

import {
  ApiError,
  at,
  badBody,
  invalidStream,
  invalidToxicType,
  tooMany,
  toxicExists,
  unknownAttribute,
} from '../core/api-error.ts';
import type { AttributeValue } from '../core/attributes.ts';
import type { Quirks } from '../core/compatibility.ts';
import { assertSelectsAtAccept, decodeSelector } from '../core/decode-selector.ts';
import { describeJson, field, type Json } from '../core/json.ts';
import { mostToxics } from '../core/limits.ts';
import type { ToxicStream, ToxicType } from '../core/toxic-type.ts';
import { assertComplete, type ProxyChange, type ProxyCreation } from '../engine/registry.ts';
import type { Toxic, ToxicChange, ToxicSpec } from '../engine/toxic.ts';
import { changeTls, decodeTls } from '../tls/settings.ts';
import { toxicTypes, toxiproxyTypeNames } from '../toxics/index.ts';

/** Whether toxics that are given together with their proxy count. */
type GivenToxics = Pick<Quirks, 'ignoresGivenToxics'>;

/** A proxy to create; name and upstream may still be empty. @throws {ApiError} 400 or 409 */
export function decodeCreation(json: Json, { ignoresGivenToxics }: GivenToxics): ProxyCreation {
  assertObject(json, 'toxiproxy.Proxy');
  const { listen, upstream, enabled, tls } = decodeProxyFields(json);
  return {
    name: text(json, 'name', 'Proxy') ?? '',
    listen: listen ?? '',
    upstream: upstream ?? '',
    enabled: enabled ?? true,
    toxics: ignoresGivenToxics ? [] : decodeToxics(field(json, 'toxics')),
    tls: tls === undefined ? undefined : changeTls(undefined, tls),
  };
}

/** The entries of a populate body. @throws {ApiError} 400 or 409, naming the entry */
export function decodeCreations(json: Json, toxics: GivenToxics): ProxyCreation[] {
  return listed(json).map((item, index) => decodeEntry(item, index, toxics));
}

/** The entries of a file that are right, and what is wrong with each of the others. */
interface FileEntries {
  readonly right: readonly ProxyCreation[];
  readonly wrong: readonly ApiError[];
}

/** The entries of a configuration file, each by itself. @throws {ApiError} 400 when it is no list */
export function decodeFile(json: Json, toxics: GivenToxics): FileEntries {
  const right: ProxyCreation[] = [];
  const wrong: ApiError[] = [];
  for (const [index, item] of listed(json).entries()) {
    try {
      const creation = decodeEntry(item, index, toxics);
      at(place('proxy', index, item), () => assertComplete(creation));
      right.push(creation);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      wrong.push(error);
    }
  }
  return { right, wrong };
}

function listed(json: Json): readonly Json[] {
  if (json.kind === 'null') return [];
  if (json.kind !== 'array') throw cannotUnmarshal(json, 'value of type []struct { ... }');
  return json.items;
}

function decodeEntry(item: Json, index: number, toxics: GivenToxics): ProxyCreation {
  return at(place('proxy', index, item), () => decodeCreation(item, toxics));
}

/** What an item of a body is called in an error: by its number from 1, and its name where it has one. */
function place(what: string, index: number, item: Json): string {
  const name = field(item, 'name');
  const named = name?.kind === 'string' && name.value !== '' ? ` ${JSON.stringify(name.value)}` : '';
  return `${what} ${index + 1}${named}`;
}

/** @throws {ApiError} 400 */
export function decodeProxyChange(json: Json): ProxyChange {
  assertObject(json, 'toxiproxy.Proxy');
  text(json, 'name', 'Proxy');
  return decodeProxyFields(json);
}

function decodeProxyFields(json: Json): ProxyChange {
  const logger = field(json, 'logger');
  if (logger && logger.kind !== 'object')
    throw cannotUnmarshal(logger, 'struct field Proxy.Logger of type zerolog.Logger');
  const enabled = field(json, 'enabled');
  if (enabled && enabled.kind !== 'bool')
    throw cannotUnmarshal(enabled, 'struct field Proxy.enabled of type bool');
  return {
    listen: text(json, 'listen', 'Proxy'),
    upstream: text(json, 'upstream', 'Proxy'),
    enabled: enabled?.value,
    tls: decodeTls(field(json, 'tls')),
  };
}

/** Toxics given together with their proxy are in force from its first connection. */
function decodeToxics(json: Json | undefined): ToxicSpec[] {
  if (json === undefined) return [];
  if (json.kind !== 'array') throw cannotUnmarshal(json, 'struct field Proxy.toxics of type []Toxic');
  const specs = new Map<string, ToxicSpec>();
  for (const [index, item] of json.items.entries()) {
    const spec = at(place('toxic', index, item), () => decodeToxic(item, specs));
    specs.set(spec.name, spec);
  }
  return [...specs.values()];
}

/** The names in use on a proxy. */
type Names = Pick<ReadonlySet<string>, 'has' | 'size'>;

/** A toxic to create, on a proxy where `taken` are the names in use. @throws {ApiError} 400 or 409 */
export function decodeToxic(json: Json, taken: Names = new Set()): ToxicSpec {
  assertObject(json, 'toxics.ToxicWrapper');
  const owner = 'ToxicWrapper';
  const givenName = text(json, 'name', owner) ?? '';
  const typeText = text(json, 'type', owner) ?? '';
  const streamText = text(json, 'stream', owner) ?? 'downstream';
  const toxicity = decodeToxicity(json, owner) ?? 1;
  const only = decodeSelector(field(json, 'only'));
  const given = decodeAttributesObject(json);

  const stream = streamText.toLowerCase();
  if (!isStream(stream)) throw invalidStream();
  const type = toxicTypes.get(typeText);
  if (!type) throw invalidToxicType();
  const name = givenName === '' ? `${typeText}_${streamText}` : givenName;
  if (taken.has(name)) throw toxicExists();
  if (taken.size >= mostToxics) throw tooMany('toxics in a proxy', mostToxics);
  if (type.accept) assertSelectsAtAccept(type.type, only);
  return {
    type,
    name,
    stream,
    streamText,
    toxicity,
    only,
    ...decodeAttributes(type, given, undefined),
  };
}

/** What an update of `toxic` comes to, with what it leaves out as it was. @throws {ApiError} 400 */
export function decodeToxicChange(json: Json, toxic: Toxic): ToxicChange {
  assertObject(json, 'struct { ... }');
  const only = decodeSelector(field(json, 'only')) ?? toxic.only;
  if (toxic.type.accept) assertSelectsAtAccept(toxic.type.type, only);
  return {
    toxicity: decodeToxicity(json, '') ?? toxic.toxicity,
    only,
    ...decodeAttributes(toxic.type, decodeAttributesObject(json), toxic),
  };
}

/** Of a change that is refused, the attributes that are right (`Quirks.appliesPartly`). */
export function decodeRightAttributes(json: Json, toxic: Toxic): ToxicChange {
  const { type, toxicity, only } = toxic;
  const given = field(json, 'attributes');
  const isRight = ([key, value]: readonly [string, Json]): boolean => {
    const name = Object.keys(type.attributes).find((known) => known === key.toLowerCase());
    try {
      if (name !== undefined) type.attributes[name]?.decode(value, name);
      return name !== undefined;
    } catch {
      return false;
    }
  };
  const right: Json = {
    kind: 'object',
    fields: given?.kind === 'object' ? given.fields.filter(isRight) : [],
  };
  return { toxicity, only, ...decodeAttributes(type, right, toxic) };
}

type Values = Pick<ToxicChange, 'attributes' | 'exact'>;

function decodeAttributesObject(json: Json): Json | undefined {
  const attributes = field(json, 'attributes');
  if (attributes && attributes.kind !== 'object')
    throw cannotUnmarshal(attributes, 'struct field ToxicWrapper.attributes');
  return attributes;
}

function decodeAttributes(type: ToxicType, given: Json | undefined, current: Values | undefined): Values {
  const attributes: Record<string, AttributeValue> = {};
  const exact: Record<string, string> = {};
  if (!toxiproxyTypeNames.has(type.type)) assertKnownAttributes(type, given);
  for (const [name, attribute] of Object.entries(type.attributes)) {
    const json = given && field(given, name);
    const value = json ? attribute.decode(json, name) : (current?.attributes[name] ?? attribute.initial);
    const literal = json?.kind === 'number' ? json.literal : current?.exact[name];
    attributes[name] = value;
    if (literal !== undefined && Number.isInteger(value) && !Number.isSafeInteger(value))
      exact[name] = literal;
  }
  type.check?.(attributes);
  return { attributes, exact };
}

function assertKnownAttributes({ type, attributes }: ToxicType, given: Json | undefined): void {
  const known = Object.keys(attributes);
  const keys = given?.kind === 'object' ? given.fields.map(([key]) => key) : [];
  const unknown = keys.find((key) => !known.includes(key.toLowerCase()));
  if (unknown !== undefined) throw unknownAttribute(unknown, type, known);
}

/** Toxicity is a 32-bit float there, without a range. */
function decodeToxicity(json: Json, owner: string): number | undefined {
  const toxicity = field(json, 'toxicity');
  if (!toxicity) return undefined;
  const value = toxicity.kind === 'number' ? Math.fround(Number(toxicity.literal)) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const shown = toxicity.kind === 'number' ? `number ${toxicity.literal}` : describeJson(toxicity);
  throw badBody(`json: cannot unmarshal ${shown} into Go struct field ${owner}.toxicity of type float32`);
}

function isStream(text: string): text is ToxicStream {
  return text === 'upstream' || text === 'downstream' || text === 'both';
}

function text(json: Json, name: string, owner: string): string | undefined {
  const value = field(json, name);
  if (value === undefined || value.kind === 'string') return value?.value;
  throw cannotUnmarshal(value, `struct field ${owner}.${name} of type string`);
}

function assertObject(json: Json, goType: string): void {
  if (json.kind !== 'object' && json.kind !== 'null') throw cannotUnmarshal(json, `value of type ${goType}`);
}

function cannotUnmarshal(json: Json, into: string): Error {
  return badBody(`json: cannot unmarshal ${describeJson(json)} into Go ${into}`);
}
