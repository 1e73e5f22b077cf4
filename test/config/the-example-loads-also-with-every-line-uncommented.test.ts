import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describe, gatewayKeys, loadGatewayConfig } from '#src/config/index.js';
import { besides, writtenFile } from './written-file.js';

const example = readFileSync(new URL('../../config/postern.example.yaml', import.meta.url), 'utf8');

test('as it is, it changes nothing', () => {
  expect(loadGatewayConfig(writtenFile(example), {})).toEqual(loadGatewayConfig(undefined, {}));
});

test('without the first # of each line, every key is there and right', () => {
  const content = example.replace(/^#/gm, '');
  const file = writtenFile(content);
  for (const [, name = ''] of content.matchAll(/\{ file: ([^ }]+) \}/g)) besides(file, name, 'secret\n');
  besides(file, 'trust/operator-ca.pem', '');
  const config = loadGatewayConfig(file, { SERVER_PASSWORD: 'secret' });
  expect(config.devices[0]?.accounts[0]?.clientPassword.reveal()).toBe('secret');
  const missing = describe(gatewayKeys()).filter(({ key }) => !present(parse(content), key));
  expect(missing).toEqual([]);
});

function present(data: unknown, key: string): boolean {
  const found = key.split('.').reduce<unknown>((value, part) => {
    const inner = (value as Record<string, unknown> | undefined)?.[part.replace('[]', '')];
    return part.endsWith('[]') ? (inner as unknown[])[0] : inner;
  }, data);
  return found !== undefined;
}
