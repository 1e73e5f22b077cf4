import { expect, it } from 'vitest';
import { tallyTests } from './test-tally.js';

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((test) => ({ status: test })) });

it('counts passed and failed tests', () => {
  const report = { success: false, testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'failed', 'passed')] };
  expect(tallyTests(report, 1)).toMatchObject({ passed: 3, failed: 1 });
});

it('counts a good run', () => {
  expect(tallyTests({ success: true, testResults: [file('passed', 'passed')] }, 0)).toMatchObject({ passed: 1, failed: 0 });
});

it('counts a file that did not load', () => {
  const report = { success: false, testResults: [file('failed'), file('failed', 'skipped'), file('failed', 'failed')] };
  expect(tallyTests(report, 1)).toMatchObject({ passed: 0, failed: 3 });
});

it('counts an unhandled error: a bad exit code without a failed test', () => {
  expect(tallyTests({ success: true, testResults: [file('passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 });
});

it('counts a report that says it failed', () => {
  expect(tallyTests({ success: false, testResults: [file('passed', 'passed')] }, 0)).toMatchObject({ passed: 1, failed: 1 });
});

it.each([0, 1, 137])('counts a missing report, exit code %i', (exitCode) => {
  expect(tallyTests(undefined, exitCode)).toMatchObject({ passed: 0, failed: 1 });
});

it('names each that failed', () => {
  const failed = { name: '/somewhere/test/a.test.ts', status: 'failed' };
  const assertions = [{ status: 'failed', fullName: 'does it', failureMessages: ['expected 1\n  at b.ts'] }, { status: 'passed' }];
  const report = {
    testResults: [
      { ...failed, assertionResults: assertions },
      { ...failed, message: 'no such module' },
    ],
  };
  expect(tallyTests(report, 1).failures).toEqual([
    { file: failed.name, test: 'does it', why: 'expected 1' },
    { file: failed.name, test: 'the whole file', why: 'no such module' },
  ]);
});
