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
  const inner = runsOf(part.children).flatMap((run) => linesOfRun(run, indent, width));
  return [indent + part.text, ...inner];
}

/** Neighbours that hold nothing but text share a line. */
function runsOf(parts: readonly Part[]): Part[][] {
  const runs: Part[][] = [];
  for (const part of parts) {
    const before = runs.at(-1);
    if (before?.every(isLeaf) && isLeaf(part)) before.push(part);
    else runs.push([part]);
  }
  return runs;
}

function linesOfRun(run: readonly Part[], indent: string, width: number): string[] {
  const [only] = run;
  if (only !== undefined && run.length === 1) return linesOf(only, isEndTag(only.text) ? indent : indent + step, width);
  const flat = indent + step + run.map(flatten).join('');
  return flat.length <= width ? [flat] : run.flatMap((part) => linesOf(part, indent + step, width));
}

function isLeaf({ text, children }: Part): boolean {
  return isStartTag(text) && children.every((child) => child.children.length === 0 && !isStartTag(child.text));
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
