/** CDATA sections, tags, and what is between. */
const pieces = /<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|[^<]+/g;
const step = '  ';

interface Part {
  readonly text: string;
  readonly children: Part[];
}

/** Lays out XML that a program wrote in one line: what fits into `width` columns stays in one line. Only line breaks and indents are added. */
export function layOutXml(xml: string, width: number): string {
  const root: Part = { text: '', children: [] };
  const open = [root];
  for (const [text] of xml.matchAll(pieces)) {
    const part = { text, children: [] };
    open.at(-1)?.children.push(part);
    if (isEndTag(text)) open.pop();
    else if (isStartTag(text)) open.push(part);
  }
  return root.children.flatMap((part) => linesOf(part, '', width)).join('\n');
}

function linesOf(part: Part, indent: string, width: number): string[] {
  const flat = indent + flatten(part);
  if (flat.length <= width || !part.children.some(({ children }) => children.length > 0)) return [flat];
  const inner = part.children.flatMap((child) => linesOf(child, isEndTag(child.text) ? indent : indent + step, width));
  return [indent + part.text, ...inner];
}

function flatten({ text, children }: Part): string {
  return text + children.map(flatten).join('');
}

function isEndTag(text: string): boolean {
  return text.startsWith('</');
}

function isStartTag(text: string): boolean {
  return /^<[^/!?]/.test(text) && !text.endsWith('/>');
}
