import { PosternError } from '#src/base/index.js';
import { replaceCharacters } from '../text-pieces.js';
import { forbiddenCharacter } from './xml-characters.js';

/** What cannot stand in text as it is. CR would come back as LF; a surrogate may be a lone one. */
const special = /[^\t\n\x20-%'-;=?-\ud7ff\ue000-\ufffd]/;
/** By code. */
const inText = table({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' });
const inAttribute = table({ '&': '&amp;', '<': '&lt;', '"': '&quot;', '\r': '&#13;', '\n': '&#10;', '\t': '&#9;' });

/**
 * Text as it is written between tags. `element` is named in the error.
 * @throws PosternError `syncml.invalid-value` for a character that XML cannot carry, such as NUL
 */
export function escapeXml(text: string, element = 'text'): string {
  if (!special.test(text)) return text;
  refuseForbidden(text, element);
  return replaceCharacters(text, (code) => inText[code]);
}

/** A value as it is written between double quotes. Its characters came out of XML and may go back. */
export function escapeXmlAttribute(value: string): string {
  return replaceCharacters(value, (code) => inAttribute[code]);
}

/** @throws PosternError `syncml.invalid-value` for a character that XML cannot carry */
export function refuseForbidden(text: string, element: string): void {
  const found = forbiddenCharacter(text);
  if (found === undefined) return;
  throw new PosternError('syncml.invalid-value', { element, value: found.name, what: 'XML cannot carry this character' });
}

function table(replacements: Readonly<Record<string, string>>): readonly (string | undefined)[] {
  return Array.from({ length: 0x40 }, (_, code) => replacements[String.fromCharCode(code)]);
}
