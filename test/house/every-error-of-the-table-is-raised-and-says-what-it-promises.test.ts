import ts from 'typescript';
import { expect, test } from 'vitest';
import { type ErrorCode, type ErrorEntry, errorTable } from '#src/base/index.js';
import { keysOf, placeOf, sources, within } from './sources.js';

// That no other code is raised the compiler sees to; that the page has each row, `npm run check` (docs drift).

interface Raised {
  readonly code: ErrorCode;
  readonly call: ts.CallExpression | ts.NewExpression;
}

const raised = sources()
  .filter(({ fileName }) => fileName !== 'src/base/errors.ts')
  .flatMap((source) => within(source).flatMap(raisedBy));

/** A code as an argument of what makes or throws an error; to ask for one raises nothing. */
function raisedBy(node: ts.Node): Raised[] {
  if (!ts.isStringLiteral(node) || !Object.hasOwn(errorTable, node.text)) return [];
  let value: ts.Node = node;
  while (ts.isConditionalExpression(value.parent) || ts.isParenthesizedExpression(value.parent)) value = value.parent;
  const call = value.parent;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return [];
  return call.expression.getText() === 'isPosternError' ? [] : [{ code: node.text as ErrorCode, call }];
}

test('each row is raised somewhere', () => {
  const codes = new Set<string>(raised.map(({ code }) => code));
  expect(Object.keys(errorTable).filter((code) => !codes.has(code))).toEqual([]);
});

test('whoever raises one gives each detail that its sentence has a place for', () => {
  const given = raised.flatMap(({ code, call }) => {
    const [, details] = call.arguments ?? [];
    const isWhole = ts.isNewExpression(call) && call.expression.getText() === 'PosternError';
    const keys = details === undefined ? [] : ts.isObjectLiteralExpression(details) ? keysOf(details) : undefined;
    return isWhole && keys !== undefined ? [{ code, keys, place: placeOf(call) }] : [];
  });
  expect(given.length).toBeGreaterThan(50);
  const missing = given.flatMap(({ code, keys, place }) =>
    placesOf(errorTable[code])
      .filter((name) => !keys.includes(name))
      .map((name) => `${place}: ${code} lacks {${name}}`),
  );
  expect(missing).toEqual([]);
});

function placesOf({ text }: ErrorEntry): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
