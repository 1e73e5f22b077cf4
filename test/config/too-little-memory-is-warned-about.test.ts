import { expect, test } from 'vitest';
import { checkGatewayConfig } from '#src/config/index.js';
import { writtenFile } from './written-file.js';

const warned = (memory: string) =>
  checkGatewayConfig(writtenFile(`limits:\n  memory: ${memory}\n`), {}).map(({ line, key }) => [line, key]);

test('less than the gateway takes at rest', () => {
  expect(warned('95MiB')).toEqual([[2, 'limits.memory']]);
  expect(warned('96MiB')).toEqual([]);
});
