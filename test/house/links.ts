import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The relative links in README.md, CHANGELOG.md and docs that lead nowhere, as `file -> target`. */
export async function brokenLinks(root: string): Promise<string[]> {
  const pages = await pagesBelow(root);
  const broken = await Promise.all(pages.map((page) => brokenOn(root, page)));
  return broken.flat();
}

/** The anchors that a page's headings get, numbered when repeated. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)) anchors.add(unused(anchors, slug(heading)));
  for (const [, id = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

async function pagesBelow(root: string): Promise<string[]> {
  const docs = existsSync(path.join(root, 'docs')) ? await readdir(path.join(root, 'docs'), { recursive: true }) : [];
  const top = ['README.md', 'CHANGELOG.md'].filter((page) => existsSync(path.join(root, page)));
  return [...top, ...docs.filter((page) => page.endsWith('.md')).map((page) => path.join('docs', page))];
}

async function brokenOn(root: string, page: string): Promise<string[]> {
  const text = await readFile(path.join(root, page), 'utf8');
  const targets = linksOf(text).filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
  const resolved = await Promise.all(targets.map(async (target) => ((await leadsSomewhere(root, page, target)) ? [] : [target])));
  return resolved.flat().map((target) => `${page} -> ${target}`);
}

function linksOf(text: string): string[] {
  const prose = withoutCode(text);
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)];
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/gm)];
  return [...inline, ...references].map((match) => match[1] ?? '');
}

async function leadsSomewhere(root: string, page: string, target: string): Promise<boolean> {
  const [file = '', anchor] = target.split('#');
  const whole = file === '' ? path.join(root, page) : path.resolve(root, path.dirname(page), decodeURIComponent(file));
  if (path.relative(root, whole).startsWith('..') || !existsSync(whole)) return false;
  return anchor === undefined || anchorsOf(await readFile(whole, 'utf8')).has(anchor);
}

function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
}

/** GitHub's way: lower case, no punctuation, spaces become hyphens. */
function slug(heading: string): string {
  const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return shown
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

function unused(taken: ReadonlySet<string>, anchor: string): string {
  let name = anchor;
  for (let count = 1; taken.has(name); count++) name = `${anchor}-${count}`;
  return name;
}
