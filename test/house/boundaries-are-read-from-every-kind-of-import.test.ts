import { expect, it } from 'vitest';
import { failuresOf } from './boundary-probe.js';

const up = '#src/gateway/index.js';

it.each([
  ['static', `import { a } from '${up}';`],
  ['for its effect', `import '${up}';`],
  ['type-only', `import type { A } from '${up}';`],
  ['type-only by name', `import { type A } from '${up}';`],
  ['re-exported', `export { a } from '${up}';`],
  ['re-exported whole', `export * from '${up}';`],
  ['re-exported as type', `export type { A } from '${up}';`],
  ['dynamic', `const a = await import('${up}');`],
  ['dynamic in backticks', `const a = await import(\`${up}\`);`],
  ['in a type', `type A = import('${up}').A;`],
  ['typeof', `type A = typeof import('${up}');`],
  ['import equals', `import a = require('${up}');`],
  ['required', `const a = require('${up}');`],
  ['resolved', `const a = import.meta.resolve('${up}');`],
  ['augmented', `declare module '${up}' { interface A {} }`],
])('%s', async (_kind, text) => {
  expect(await failuresOf({ 'src/base/clock.ts': text })).toEqual([`src/base/clock.ts -> ${up} (base is below gateway)`]);
});

it('referenced by path', async () => {
  expect(await failuresOf({ 'src/base/clock.ts': '/// <reference path="../gateway/index.ts" />' })).toEqual([
    'src/base/clock.ts -> ./../gateway/index.ts (base is below gateway)',
  ]);
});

it('not from comments or strings', async () => {
  expect(await failuresOf({ 'src/base/clock.ts': `// import '${up}'\nexport const text = "import '${up}'";` })).toEqual([]);
});

it('a computed import is refused outside the programs', async () => {
  const text = 'export const load = (name: string) => import(name);';
  expect(await failuresOf({ 'src/programs/gateway/adapters.ts': text })).toEqual([]);
  expect(await failuresOf({ 'src/gateway/adapters.ts': text })).toEqual([
    'src/gateway/adapters.ts -> (computed) (only a program may compute what it imports)',
  ]);
});
