/**
 * Faults on a link are toxics of the fault proxy, each of them by the proxy's own words. What is wrong with one is told
 * where the scenario is declared; times and rates are lab time, and are converted when it is put in force.
 */
import {
  type AttributeSpecs,
  assertToxic,
  type OwnToxicDefinition,
  type Selector,
  type ToxicDefinition,
  type ToxicType,
  toxicTypes,
} from 'shaketable-proxy';
import { LabError } from '../errors.ts';
import type { JsonObject } from '../journal/entry.ts';
import { nearestWord } from '../nearest-word.ts';
import { everyWorld, type Fault, type LinkToxic } from './fault.ts';
import { attributesAtPace, selectorAtPace } from './pace.ts';

/** A toxic of a type that is built in, without a name: it gets the fault's id. Times and rates are lab time. */
export type BuiltInToxic = Unnamed<ToxicDefinition>;

/** A toxic of a type of one's own, which {@link registerToxic} has made known. */
export type OwnToxic<S extends AttributeSpecs = AttributeSpecs> = Omit<OwnToxicDefinition<S>, 'name'>;

type Unnamed<D> = D extends unknown ? Omit<D, 'name'> : never;

/**
 * A fault on a link: any toxic there is, by its type, its attributes and the connections that it is for.
 * @throws LabError `LAB_BAD_INPUT` for a type, an attribute or a value that the proxy does not know
 */
export function toxic(definition: BuiltInToxic): Fault;
export function toxic<const S extends AttributeSpecs>(definition: OwnToxic<S>): Fault;
export function toxic(definition: BuiltInToxic | OwnToxic): Fault {
  assertWords('A toxic', definition, definitionWords);
  const type = findType(definition.type);
  const { attributes = {}, stream, toxicity, only } = definition;
  assertWords(type.type, attributes, Object.keys(type.attributes));
  assertValues({ ...definition, type });
  const given = { ...(stream && { stream }), ...(toxicity !== undefined && { toxicity }) };
  return {
    kind: type.type,
    place: 'link',
    params: { ...given, ...toParams(attributes), ...(only && { only: toParams(only) }) },
    worlds: everyWorld,
    install: ({ id, pace, link }) =>
      link().addToxic(id, {
        ...given,
        type,
        attributes: attributesAtPace(type, { ...defaultsOf(type), ...attributes }, pace),
        ...(only && { only: selectorAtPace(only, pace) }),
      }),
  };
}

/** A toxic as a link takes it, for faults that are made of several; times are real. */
export function linkToxic(definition: BuiltInToxic): LinkToxic {
  const type = findType(definition.type);
  return { ...definition, type, attributes: { ...defaultsOf(type), ...definition.attributes } };
}

const definitionWords = ['type', 'attributes', 'stream', 'toxicity', 'only'];

function findType(type: string | ToxicType): ToxicType {
  const name = typeof type === 'string' ? type : type.type;
  const known = toxicTypes.get(name);
  if (known === undefined || (typeof type !== 'string' && known !== type)) throw unknownType(type);
  return known;
}

function unknownType(type: string | ToxicType): LabError {
  if (typeof type !== 'string')
    return refused(`No toxic ${type.type} is registered`, 'Give it to registerToxic first.');
  return refused(`There is no toxic ${type}`, suggest(type, [...toxicTypes.keys()]));
}

function assertWords(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw refused(`${what} has no ${unknown}: it has ${known.join(', ') || 'none'}`, suggest(unknown, known));
}

function assertValues(definition: OwnToxic): void {
  try {
    assertToxic(definition);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw refused(`The toxic ${definition.type.type} is not valid: ${message}`, undefined, cause);
  }
}

function suggest(word: string, known: readonly string[]): string | undefined {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? undefined : `Did you mean ${nearest}?`;
}

function refused(message: string, hint?: string, cause?: unknown): LabError {
  const page = 'docs/faults.md lists the toxics with their attributes.';
  return new LabError('LAB_BAD_INPUT', message, {
    hint: hint === undefined ? page : `${hint} ${page}`,
    ...(cause === undefined ? {} : { cause }),
  });
}

function defaultsOf({ attributes }: ToxicType): NonNullable<LinkToxic['attributes']> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { initial }]) => [name, initial]));
}

/** What was given, as it stands in the journal. */
function toParams(given: Selector | NonNullable<OwnToxic['attributes']>): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
