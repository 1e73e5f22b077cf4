/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** The file, the test and the first line of what was wrong with it, of each that failed. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly file: string;
  readonly test: string;
  readonly why: string;
}

interface Assertion {
  readonly status?: string;
  readonly fullName?: string;
  readonly failureMessages?: readonly string[];
}

interface FileResult {
  readonly name?: string;
  readonly status?: string;
  readonly message?: string;
  readonly assertionResults?: readonly Assertion[];
}

interface Report {
  readonly success?: boolean;
  readonly testResults?: readonly FileResult[];
}

/**
 * Counts vitest's JSON report. A file that failed without a failed test (it did not load, a hook threw) counts as one failed, and so
 * does a run that failed for a reason that no test shows: an unhandled error, a crash, a report that is missing (undefined).
 */
export function tallyTests(report: Report | undefined, exitCode: number): Tally {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults ?? []);
  const passed = count(tests, 'passed');
  const failed = count(tests, 'failed') + files.filter(failedAsAWhole).length;
  const failedUnseen = failed === 0 && (exitCode !== 0 || report?.success !== true);
  return { passed, failed: failedUnseen ? 1 : failed, failures: files.flatMap(failuresOf) };
}

function failuresOf(file: FileResult): Failure[] {
  const { name = '?', message } = file;
  if (failedAsAWhole(file)) return [{ file: name, test: 'the whole file', why: firstLine(message) }];
  const failed = (file.assertionResults ?? []).filter(({ status }) => status === 'failed');
  return failed.map(({ fullName = '?', failureMessages }) => ({ file: name, test: fullName, why: firstLine(failureMessages?.[0]) }));
}

function firstLine(message = ''): string {
  return message.split('\n', 1)[0] ?? '';
}

function failedAsAWhole(file: FileResult): boolean {
  return file.status === 'failed' && count(file.assertionResults ?? [], 'failed') === 0;
}

function count(results: readonly { readonly status?: string }[], status: string): number {
  return results.filter((result) => result.status === status).length;
}
