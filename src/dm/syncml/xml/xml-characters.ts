/** What XML 1.0 says about single characters. Codes are UTF-16 units; surrogates count as characters above U+FFFF. */

const whiteSpace = [0x20, 0x09, 0x0a, 0x0d];
/** Units that end a run of text which needs no further look: `<`, `&`, `]` (of `]]>`), CR and what XML forbids. */
const plain = table((code) => (code >= 0x20 || code === 0x09 || code === 0x0a) && !'<&]'.includes(String.fromCharCode(code)));
const nameStart = table((code) => /[A-Za-z_]/.test(String.fromCharCode(code)));
const name = table((code) => /[-A-Za-z0-9._]/.test(String.fromCharCode(code)));

/** Names beyond ASCII, U+10000 and above taken as their surrogates. @see XML 1.0 (fifth edition) § 2.3 */
const wideNameStart =
  /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\ud800-\udb7f\udc00-\udfff\uf900-\ufdcf\ufdf0-\ufffd]/;
const wideName = /[\u00b7\u0300-\u036f\u203f\u2040]/;

/** Whether every unit may stand in XML as such; a lone surrogate may not. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function isWhiteSpace(code: number): boolean {
  return code === 0x20 || (code <= 0x0d && whiteSpace.includes(code));
}

/** Whether a unit of text stands for itself and ends nothing; false for 0, which is the end. */
export function isPlain(code: number): boolean {
  return code < 0x80 ? plain[code] === 1 : code < 0xfffe;
}

/** Whether a name without its prefix may begin so. */
export function isNameStart(code: number): boolean {
  return code < 0x80 ? nameStart[code] === 1 : wideNameStart.test(String.fromCharCode(code));
}

/** Whether a name may go on so; `:` is not part of either half of a name. */
export function isNameUnit(code: number): boolean {
  return code < 0x80 ? name[code] === 1 : isNameStart(code) || wideName.test(String.fromCharCode(code));
}

/** Whether a character reference may name it. */
export function isXmlCodePoint(point: number): boolean {
  if (point < 0x20) return point === 0x09 || point === 0x0a || point === 0x0d;
  return point < 0xd800 || (point >= 0xe000 && point <= 0x10ffff && point !== 0xfffe && point !== 0xffff);
}

/** The first character that XML cannot carry, or undefined. */
export function forbiddenCharacter(text: string): { readonly at: number; readonly name: string } | undefined {
  const at = text.search(forbidden);
  if (at < 0) return undefined;
  return { at, name: `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` };
}

/** The text without the white space of XML around it; other spaces belong to the value. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start++;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}

function table(has: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 0x80 }, (_, code) => (has(code) ? 1 : 0));
}
