import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { checkGatewayConfig, formatYaml, loadGatewayConfig, showConfig } from '#src/config/index.js';
import { besides, refusalOf, writtenFile } from './written-file.js';

const account = 'serverId: s, address: https://s.example';
const content = `accounts:
  - { ${account}, clientPassword: hunter2, serverPassword: { value: hunter2 } }
devices:
  - id: a
    clientPassword: { file: secret }
    serverPassword: { env: SECRET }
`;

test('in what is shown, printed or made JSON of', () => {
  const file = writtenFile(content);
  besides(file, 'secret', 'hunter2\n');
  const config = loadGatewayConfig(file, { SECRET: 'hunter2' });
  const shown = showConfig(config);
  for (const text of [
    inspect(config, { depth: 9, showHidden: true }),
    JSON.stringify(config),
    `${config.devices[0]?.clientPassword}`,
    formatYaml(shown),
  ]) {
    expect(text).not.toContain('hunter2');
  }
  expect(shown).toMatchObject({
    accounts: [{ clientPassword: { value: '(not shown)' } }],
    devices: [{ clientPassword: { file: expect.stringMatching(/secret$/) }, serverPassword: { env: 'SECRET' } }],
  });
});

test.each([
  `accounts: [{ ${account}, clientPassword: [hunter2] }]`,
  `accounts: [{ ${account}, clientPassword: { value: [hunter2] } }]`,
  `accounts: [{ ${account}, clientPassword: { file: 1, value: hunter2 } }]`,
  `accounts: [{ ${account}, clientPasword: hunter2 }]`,
  'accounts: [{ serverId: s, address: "https://me:hunter2@s.example", clientPassword: x }]',
])('in the refusal of %s', (wrong) => {
  expect(refusalOf(writtenFile(wrong)).message).not.toContain('hunter2');
});

test('without a warning where the file itself has them', () => {
  const file = writtenFile(content);
  besides(file, 'secret', 'hunter2\n');
  const warnings = checkGatewayConfig(file, { SECRET: 'x' });
  expect(warnings).toMatchObject([
    { line: 2, key: 'accounts[0].clientPassword', message: expect.stringContaining('has its secret in the configuration file') },
    { line: 2, key: 'accounts[0].serverPassword' },
  ]);
});
