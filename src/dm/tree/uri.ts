import { PosternError } from '#src/base/index.js';
import { type TndsPart, tndsParts } from './tnds-part.js';

/** The names on the way from the root to a node; empty for the root. */
export type NodePath = readonly string[];

/** What a device accepts of a node's URI, 0 for no limit; exactly what ./DevDetail/URI says. @see OMA DM StdObj 1.2 § 5.3 */
export interface UriLimits {
  /** Segments below the root. */
  readonly maxDepth: number;
  /** Characters of the whole URI, its query included. */
  readonly maxTotLen: number;
  /** Characters of one segment. */
  readonly maxSegLen: number;
}

export const defaultUriLimits: UriLimits = { maxDepth: 32, maxTotLen: 1024, maxSegLen: 255 };
export const noUriLimits: UriLimits = { maxDepth: 0, maxTotLen: 0, maxSegLen: 0 };

/** The properties of a node. @see OMA DM TND 1.2 § 7.7 */
export const propertyNames = ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'] as const;
export type PropertyName = (typeof propertyNames)[number];

/** What of a node a server asks for instead of its value. */
export type NodeQuery =
  | { readonly kind: 'property'; readonly name: PropertyName }
  | { readonly kind: 'list'; readonly form: 'Struct' | 'StructData' }
  | { readonly kind: 'list'; readonly form: 'TNDS'; readonly parts: ReadonlySet<TndsPart> };

/** A LocURI taken apart. */
export interface NodeAddress {
  readonly path: NodePath;
  readonly query?: NodeQuery;
}

/**
 * Parses a LocURI such as `./A/B`, `A/B`, `/A/B`, `.` or `./A?prop=ACL`. Percent signs are ordinary characters.
 *
 * @throws PosternError `tree.uri-too-long` (414), `tree.invalid-uri` (404), `tree.unsupported-query` (406)
 * @see OMA DM TND 1.2 § 6.1, 7.7; RepPro 1.2 § 6.5
 */
export function parseAddress(text: string, limits: UriLimits = noUriLimits): NodeAddress {
  checkLength(text.length, limits.maxTotLen, 'characters');
  const mark = text.indexOf('?');
  const path = parseSegments(mark < 0 ? text : text.slice(0, mark), limits);
  return mark < 0 ? { path } : { path, query: parseQuery(text.slice(mark + 1)) };
}

/** Parses a URI that must name a node and nothing of it. @throws as parseAddress, and 404 for one with a query */
export function parsePath(text: string, limits: UriLimits = noUriLimits): NodePath {
  const { path, query } = parseAddress(text, limits);
  if (query !== undefined) throw new PosternError('tree.invalid-uri', { uri: text });
  return path;
}

/** The canonical form: `.` for the root, otherwise `./A/B`. */
export function formatPath(path: NodePath): string {
  return ['.', ...path].join('/');
}

/** The canonical form of a LocURI without its query. @throws as parseAddress */
export function canonicalUri(text: string): string {
  return formatPath(parseAddress(text).path);
}

/** Whether a node, or a property of it, is the ancestor itself or below it. @throws as parseAddress */
export function isWithin(uri: string, ancestor: string): boolean {
  const below = parseAddress(uri).path;
  return parseAddress(ancestor).path.every((name, at) => below[at] === name);
}

/** Holds a path made of several parts against the limits. @throws PosternError `tree.uri-too-long`, `tree.invalid-uri` */
export function checkPath(path: NodePath, limits: UriLimits): void {
  checkLength(path.length, limits.maxDepth, 'segments');
  checkLength(formatPath(path).length, limits.maxTotLen, 'characters');
  for (const name of path) checkName(name, limits);
}

/** Holds one node name against the limits and the grammar. @throws as checkPath */
export function checkName(name: string, limits: UriLimits): void {
  checkLength(name.length, limits.maxSegLen, 'characters in a segment');
  if (!isName(name)) throw new PosternError('tree.invalid-uri', { uri: name });
}

function parseSegments(text: string, limits: UriLimits): NodePath {
  // A leading slash and a closing one are written by servers in the field; both mean nothing.
  const inner = text.replace(/^\.?(?:\/|$)/, '').replace(/([^/])\/$/, '$1');
  if (inner === '') return [];
  const path = inner.split('/');
  checkLength(path.length, limits.maxDepth, 'segments');
  for (const name of path) checkName(name, limits);
  return path;
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/?\p{Cc}]/u.test(name);
}

function checkLength(length: number, limit: number, unit: string): void {
  if (limit > 0 && length > limit) throw new PosternError('tree.uri-too-long', { length, limit, unit });
}

function parseQuery(text: string): NodeQuery {
  const [key, value] = splitOnce(text, '=');
  const query = key === 'prop' ? parseProperty(value) : key === 'list' ? parseList(value) : undefined;
  if (query === undefined) throw new PosternError('tree.unsupported-query', { query: text });
  return query;
}

function parseProperty(value: string): NodeQuery | undefined {
  const name = propertyNames.find((known) => known === value);
  return name && { kind: 'property', name };
}

function parseList(value: string): NodeQuery | undefined {
  if (value === 'Struct' || value === 'StructData') return { kind: 'list', form: value };
  if (!value.startsWith('TNDS')) return undefined;
  const parts = parseParts(value.slice('TNDS'.length));
  return parts && { kind: 'list', form: 'TNDS', parts };
}

/** `+Value+ACL`: only these; `-Format`: all but these; both together are not allowed. */
function parseParts(text: string): ReadonlySet<TndsPart> | undefined {
  if (text === '') return new Set(tndsParts);
  const sign = text.charAt(0);
  const other = sign === '+' ? '-' : '+';
  const words = text.slice(1).split(sign);
  const named = tndsParts.filter((part) => words.includes(part));
  if ((sign !== '+' && sign !== '-') || text.includes(other) || named.length !== words.length) return undefined;
  return new Set(sign === '+' ? named : tndsParts.filter((part) => !named.includes(part)));
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
