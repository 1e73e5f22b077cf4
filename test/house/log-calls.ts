import ts from 'typescript';
import { placeOf, sources, within } from './sources.js';

/** A call that writes a line of the log. */
export interface LogCall {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** What it may say; `…` stands for what is filled in. */
  readonly sentences: readonly string[];
  readonly fields: readonly string[];
  /** Whether it is told once a minute for each reason and source. */
  readonly limited: boolean;
  readonly place: string;
}

/** What carries a log to the program's own, and says nothing itself. */
const carriers = ['src/base/program-log.ts', 'src/base/limited-log.ts'];
const levels = ['debug', 'info', 'warn', 'error'];
const receiver = /(?:^|[.#])(log|complaints)$/;

/** Every log call of the product, as it stands in the sources. */
export function logCalls(): LogCall[] {
  return sources()
    .filter(({ fileName }) => !carriers.includes(fileName))
    .flatMap((source) => {
      const file = within(source);
      return file.flatMap((node) => logCall(node, file));
    });
}

function logCall(node: ts.Node, file: readonly ts.Node[]): LogCall[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  const [, kind] = receiver.exec(expression.getText().replace(/\s/g, '')) ?? [];
  if (kind === undefined || !levels.includes(name.text)) return [];
  const limited = kind === 'complaints';
  const [fields, sentence] = node.arguments.slice(limited ? 1 : 0);
  if (fields === undefined || sentence === undefined) throw new Error(`${placeOf(node)}: a line of the log has fields and a sentence`);
  const level = name.text as LogCall['level'];
  const keys = literalsOf(fields, file).flatMap(keysIn);
  return [{ level, sentences: sentencesOf(sentence, file), fields: [...new Set(keys)], limited, place: placeOf(node) }];
}

function keysIn(literal: ts.ObjectLiteralExpression): string[] {
  return literal.properties.flatMap(({ name }) => (name === undefined ? [] : [name.getText()]));
}

/** The object literals that a value can be made of, as far as the file itself shows. */
function literalsOf(value: ts.Expression, file: readonly ts.Node[]): ts.ObjectLiteralExpression[] {
  const bare = withoutGuards(value);
  if (ts.isObjectLiteralExpression(bare)) {
    const spread = bare.properties.flatMap((property) => (ts.isSpreadAssignment(property) ? literalsOf(property.expression, file) : []));
    return [bare, ...spread];
  }
  if (ts.isConditionalExpression(bare)) return [bare.whenTrue, bare.whenFalse].flatMap((one) => literalsOf(one, file));
  if (ts.isBinaryExpression(bare)) return [bare.left, bare.right].flatMap((one) => literalsOf(one, file));
  return ts.isIdentifier(bare) ? valuesOf(bare.text, file).flatMap((one) => literalsOf(one, file)) : [];
}

function sentencesOf(value: ts.Expression, file: readonly ts.Node[]): string[] {
  const bare = withoutGuards(value);
  if (ts.isStringLiteralLike(bare)) return [bare.text];
  if (ts.isTemplateExpression(bare)) return [bare.head.text + bare.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  if (ts.isIdentifier(bare)) return valuesOf(bare.text, file).flatMap((one) => sentencesOf(one, file));
  return bare.getText().endsWith('.message') ? ['the sentence of the error `code`'] : [];
}

function withoutGuards(value: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(value) ? withoutGuards(value.expression) : value;
}

/** What a name stands for in its file: what it is set to, and what callers give for a parameter of that name. */
function valuesOf(name: string, file: readonly ts.Node[]): ts.Expression[] {
  return file.flatMap((node) => {
    if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) {
      const isIt = node.name.getText() === name && node.initializer !== undefined && node.initializer.getText() !== name;
      return isIt && node.initializer !== undefined ? [node.initializer] : [];
    }
    return ts.isParameter(node) && node.name.getText() === name ? givenFor(node, file) : [];
  });
}

function givenFor(parameter: ts.ParameterDeclaration, file: readonly ts.Node[]): ts.Expression[] {
  const owner = parameter.parent;
  const called = owner.name?.getText() ?? (ts.isVariableDeclaration(owner.parent) ? owner.parent.name.getText() : undefined);
  const at = owner.parameters.indexOf(parameter);
  return file.flatMap((node) => {
    if (!ts.isCallExpression(node)) return [];
    const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.getText() : node.expression.getText();
    const given = node.arguments[at];
    return callee === called && given !== undefined && given.getText() !== parameter.name.getText() ? [given] : [];
  });
}
