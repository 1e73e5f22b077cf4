import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { problemsOf, writtenFile } from './written-file.js';

test('aliases that multiply', () => {
  const lists = Array.from({ length: 9 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`);
  expect(problemsOf(['a0: &a0 [x]', ...lists].join('\n'))).toMatchObject([{ found: 'full of aliases' }]);
});

test('an alias of what it stands in', () => {
  expect(problemsOf('south: &a\n  names: [*a]\n')[0]).toMatchObject({ line: 2, found: 'an alias inside its own anchor' });
});

test('deep nesting', () => {
  expect(problemsOf(`gateway: ${'['.repeat(40)}${']'.repeat(40)}\n`)).toContainEqual(
    expect.objectContaining({ found: 'nested too deeply' }),
  );
});

test('more aliases than a person writes', () => {
  const names = Array(101).fill('*a').join(', ');
  expect(problemsOf(`gateway: { name: &a x }\nsouth: { names: [${names}] }\n`)).toContainEqual(
    expect.objectContaining({ line: 2, allowed: 'at most 100 aliases' }),
  );
});

test('a few aliases are welcome', () => {
  const content = 'devices:\n  - { id: a, clientPassword: &secret x }\n  - { id: b, clientPassword: *secret }\n';
  expect(loadGatewayConfig(writtenFile(content), {}).devices[1]?.clientPassword?.reveal()).toBe('x');
});

test('aliases beyond the bound are not followed', () => {
  expect(problemsOf(`names: [${Array(300).fill('*a').join(', ')}]\n`)).toHaveLength(101);
});
