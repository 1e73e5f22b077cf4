import { expect, it } from 'vitest';
import { MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

const step = (name: string, ok: boolean, detail = '') => ({ name, ok, detail });

it.each([
  ['nobody answers', [step('reach', false, 'refused'), step('know', false), step('end', false)], ['FAILED', 'not tried', 'not tried']],
  ['the end is bad', [step('reach', true), step('know', true), step('end', false, 'silence')], ['ok', 'ok', 'FAILED']],
  ['two are bad', [step('reach', false, 'no'), step('know', false, 'no')], ['FAILED', 'FAILED']],
])('%s', async (_, steps, results) => {
  const gateway = new MemoryGateway();
  gateway.testOutcome = { ok: false, steps };
  const { out, code } = await runVerb(['accounts', 'test', 'operator', '--socket', await serveGateway(gateway)]);
  const [head, ...rows] = out.trimEnd().split('\n');
  expect(head).toMatch(/^RESULT +STEP +DETAIL$/);
  expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual(results);
  expect(code).toBe(1);
});
