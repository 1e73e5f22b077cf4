/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface Report {
  readonly success?: boolean;
  readonly testResults?: readonly {
    readonly status?: string;
    readonly assertionResults?: readonly { readonly status?: string }[];
  }[];
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
  return { passed, failed: failedUnseen ? 1 : failed };
}

function failedAsAWhole(file: NonNullable<Report['testResults']>[number]): boolean {
  return file.status === 'failed' && count(file.assertionResults ?? [], 'failed') === 0;
}

function count(results: readonly { readonly status?: string }[], status: string): number {
  return results.filter((result) => result.status === status).length;
}
