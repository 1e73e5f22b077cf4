import { expect, it } from 'vitest';
import { TurnLines } from '#src/base/turn-lines.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('writes what a turn has said at its end, in order', async () => {
  const { written, lines } = collected();
  lines.push('a\n');
  lines.push('b\n');
  expect(written).toEqual([]);
  await turn();
  expect(written).toEqual(['a\nb\n']);
  lines.push('c\n');
  await turn();
  expect(written).toEqual(['a\nb\n', 'c\n']);
});

it('writes at once when nothing may come afterwards, and nothing twice', async () => {
  const { written, lines } = collected();
  lines.push('the last\n');
  lines.flush();
  expect(written).toEqual(['the last\n']);
  await turn();
  expect(written).toEqual(['the last\n']);
});

it('does not wait with more than a bounded text', () => {
  const { written, lines } = collected();
  lines.push('x'.repeat(70_000));
  expect(written).toHaveLength(1);
});

function collected() {
  const written: string[] = [];
  return { written, lines: new TurnLines((text) => written.push(text)) };
}
