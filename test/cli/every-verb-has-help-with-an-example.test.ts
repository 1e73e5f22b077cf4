import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from '#src/cli/index.js';
import { idlePorts, runVerb } from './run-verb.js';

const verbs = leaves(
  buildProgram(idlePorts, () => {}),
  [],
);

it.each(verbs)('%s', async (path) => {
  const { out, code } = await runVerb([...path.split(' '), '--help']);
  expect(out).toContain(`Example:\n  postern ${path.replace(/ list$/, '')}`);
  expect(code).toBe(0);
});

it('sees the verbs', () => {
  expect(verbs).toContain('devices add');
  expect(verbs.length).toBeGreaterThan(20);
});

it('exit codes are explained', async () => {
  for (const args of [['help', 'exit-codes'], ['exit-codes']]) {
    expect((await runVerb(args)).out).toMatch(/^3 +No gateway/m);
  }
});

function leaves(command: Command, path: readonly string[]): string[] {
  if (command.commands.length === 0) return [path.join(' ')];
  return command.commands.flatMap((inner) => leaves(inner, [...path, inner.name()]));
}
