import { PosternError } from '#src/base/index.js';
import type { Payload } from '#src/dm/syncml/index.js';
import type { ItemTask } from './execution.js';
import { fitsFormat, type NodeFormat, parseFormat } from './format.js';
import type { LeafContent } from './node.js';
import { isTndsType } from './tnds.js';

/** What an Item brings, before it is known what for. */
export interface ItemContent {
  /** Undefined where the server has not said. */
  readonly format: NodeFormat | undefined;
  readonly type: string | undefined;
  readonly text: string;
  readonly isMarkup: boolean;
  /** A serialised tree. */
  readonly isTnds: boolean;
}

/**
 * Reads Meta and Data of an Item. A missing Meta is common, and so is a MIME type in the place of the Format.
 * @throws PosternError `tree.value-too-large` (413), `tree.unsupported-format` (415), `tree.size-mismatch` (424)
 */
export function readContent(task: ItemTask): ItemContent {
  const { item, meta, context } = task;
  const text = textOf(item.Data);
  const isMarkup = typeof item.Data === 'object';
  checkObjectSize(text, context.maxObjSize);
  if (!isMarkup) checkAnnouncedSize(text, meta.Size);
  const type = meta.Type?.trim() || undefined;
  const format = formatOf(meta.Format, item.Target?.LocURI ?? '');
  return { format: format ?? (isMarkup ? 'xml' : undefined), type, text, isMarkup, isTnds: type !== undefined && isTndsType(type) };
}

/** The value for a leaf, with the format and type that it has where the Item says nothing. @throws PosternError 415 */
export function leafContent(content: ItemContent, present: Omit<LeafContent, 'value'>, uri: string): LeafContent {
  const format = content.format ?? present.format;
  if (format === 'node') throw new PosternError('tree.unsupported-format', { format, uri });
  return checkedLeaf({ format, type: content.type ?? present.type, value: content.text }, uri);
}

/** Binary as base64 text without the line breaks that servers put in. @throws PosternError `tree.invalid-value` (415) */
export function checkedLeaf(content: LeafContent, uri: string): LeafContent {
  const { format } = content;
  const value = format === 'bin' || format === 'b64' ? content.value.replace(/\s+/g, '') : content.value;
  if (!fitsFormat(value, format)) throw new PosternError('tree.invalid-value', { uri, format });
  return { ...content, value };
}

/** @throws PosternError `tree.value-too-large` (413) */
export function checkObjectSize(text: string, limit: number | undefined): void {
  const bytes = Buffer.byteLength(text);
  if (limit !== undefined && bytes > limit) throw new PosternError('tree.value-too-large', { bytes, limit });
}

/** Size counts what stands in the message: bytes for some servers, characters for others. @see OMA DM RepPro 1.2 § 5.3 */
function checkAnnouncedSize(text: string, announced: string | undefined): void {
  if (announced === undefined) return;
  const wanted = Number(announced);
  const size = Buffer.byteLength(text);
  if (wanted !== size && wanted !== text.length) throw new PosternError('tree.size-mismatch', { size, announced });
}

function formatOf(text: string | undefined, uri: string): NodeFormat | undefined {
  const named = text?.trim() ?? '';
  if (named === '' || named === 'text/plain') return undefined;
  const format = parseFormat(named);
  if (format === undefined) throw new PosternError('tree.unsupported-format', { format: named, uri });
  return format;
}

function textOf(payload: Payload | undefined): string {
  return typeof payload === 'object' ? payload.markup : (payload ?? '');
}
