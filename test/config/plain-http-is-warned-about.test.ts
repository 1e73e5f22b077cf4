import { expect, test } from 'vitest';
import { checkGatewayConfig } from '#src/config/index.js';
import { writtenFile } from './written-file.js';

test('endpoints and permissions, each with its line', () => {
  const file = writtenFile(`south:
  tls: false
  plainPort: 8080
devices:
  - id: a
    clientPassword: { env: SECRET }
    allowPlainHttp: true
`);
  expect(checkGatewayConfig(file, { SECRET: 'x' }).map(({ line, key }) => [line, key])).toEqual([
    [2, 'south.tls'],
    [3, 'south.plainPort'],
    [7, 'devices[0].allowPlainHttp'],
  ]);
});
