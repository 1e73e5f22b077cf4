import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every source file of the product, parsed. */
export function sources(): ts.SourceFile[] {
  return readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`)
    .sort()
    .map((file) => ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true));
}

/** A node and all below it. */
export function within(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (one: ts.Node): void => {
    found.push(one);
    ts.forEachChild(one, visit);
  };
  visit(node);
  return found;
}

/** Where a node stands, for a person. */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** What an object literal names, or undefined where a spread may bring more. */
export function keysOf(literal: ts.ObjectLiteralExpression): string[] | undefined {
  if (literal.properties.some((property) => ts.isSpreadAssignment(property))) return undefined;
  return literal.properties.flatMap(({ name }) => (name === undefined ? [] : [(name as ts.Identifier).text]));
}
