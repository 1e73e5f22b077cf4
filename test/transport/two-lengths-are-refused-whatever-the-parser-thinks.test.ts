import { expect, test } from 'vitest';
import { inspectHead } from '#src/transport/http/request-head.js';

test('Content-Length and Transfer-Encoding in either order', () => {
  const length = ['Content-Length', '5'];
  const coding = ['Transfer-Encoding', 'chunked'];
  const statuses = [
    [...length, ...coding],
    [...coding, ...length],
  ].map((framing) => {
    const fields = ['Host', 'gateway.example', ...framing];
    return inspectHead({ method: 'POST', target: '/dm', version: '1.1', fields }, 1_000)?.status;
  });
  expect(statuses).toEqual([400, 400]);
});
