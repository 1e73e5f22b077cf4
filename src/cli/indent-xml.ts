import { visible } from './table.js';

/** Comments, CDATA sections, tags with quotes in them, and what is between. */
const pieces = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(?:"[^"]*"|'[^']*'|[^>"'])*>|[^<]+/g;
const step = '  ';

/**
 * Lays out well-formed XML for a person: a line for each tag, but elements with text only on one. What would steer a terminal
 * is made visible.
 */
export function indentXml(xml: string): string {
  const lines: string[] = [];
  let depth = 0;
  let open = false;
  for (const [piece] of xml.matchAll(pieces)) {
    if (isEndTag(piece)) depth--;
    if (piece.trim() === '') continue;
    // Text, and the end tag after the start tag or after text, go on with the line.
    if (open && (isEndTag(piece) || isText(piece))) lines.push(`${lines.pop() ?? ''}${visible(piece)}`);
    else lines.push(step.repeat(depth) + visible(piece));
    open = isStartTag(piece) || (open && isText(piece));
    if (isStartTag(piece)) depth++;
  }
  return lines.map((line) => `${line}\n`).join('');
}

function isText(piece: string): boolean {
  return !piece.startsWith('<') || piece.startsWith('<![CDATA[');
}

function isEndTag(piece: string): boolean {
  return piece.startsWith('</');
}

function isStartTag(piece: string): boolean {
  return /^<[^/!?]/.test(piece) && !piece.endsWith('/>');
}
