import { expect, it } from 'vitest';
import { fillBlock } from './generated.js';

const page = 'before\n<!-- generated: support -->\nold\n<!-- end -->\nbetween\n<!-- generated: other -->\n<!-- end -->\nafter\n';

it('replaces only its own block', () => {
  expect(fillBlock(page, 'support', 'new\n')).toBe(page.replace('old', 'new'));
});

it('leaves a filled block as it is', () => {
  const once = fillBlock(page, 'other', 'text');
  expect(fillBlock(once, 'other', 'text')).toBe(once);
});

it.each(['missing', 'supp'])('refuses a page without the block %s', (name) => {
  expect(() => fillBlock(page, name, 'text')).toThrow(`no block <!-- generated: ${name} -->`);
});

it('refuses a block that does not end', () => {
  expect(() => fillBlock('<!-- generated: support -->\n', 'support', 'text')).toThrow('no block');
});
