import { expect, it } from 'vitest';
import { failuresOf } from './boundary-probe.js';

const arrow = (file: string, target: string) => failuresOf({ [file]: `import '${target}';` });

it.each([
  ['src/config/reading/load.ts', '#src/base/index.js'],
  ['src/gateway/proxy.ts', '#src/dm/index.js'],
  ['src/gateway/proxy.ts', '#src/dm/session/index.js'],
  ['src/gateway/proxy.ts', './inventory.js'],
  ['src/gateway/proxy.ts', './inventory/record.js'],
  ['src/store/devices.ts', '#src/gateway/index.js'],
  ['src/update/campaign.ts', '#src/gateway/index.js'],
  ['src/cli/devices.ts', '#src/control/index.js'],
  ['src/programs/gateway/main.ts', '#src/store/index.js'],
  ['src/programs/postern/main.ts', '../gateway/main.js'],
  ['src/programs/gateway/main.ts', '#adapters/mqtt/manifest.js'],
  ['src/transport/https.ts', 'node:https'],
  ['src/dm/auth/digest.ts', 'node:crypto'],
  ['src/dm/session/machine.ts', '../syncml/index.js'],
  ['src/dm/session/machine.ts', '#src/dm/tree/index.js'],
  ['src/dm/index.ts', './syncml/index.js'],
  ['adapters/mqtt/client.ts', './mapping.js'],
  ['adapters/mqtt/client.ts', '#src/adapter-api/index.js'],
  ['adapters/mqtt/client.ts', '#src/dm/tree/index.js'],
  ['adapters/mqtt/client.ts', '#src/base/index.js'],
  ['adapters/mqtt/client.ts', 'mqtt'],
])('%s may import %s', async (file, target) => {
  expect(await arrow(file, target)).toEqual([]);
});

it.each([
  ['src/base/log.ts', '#src/config/index.js', 'base is below config'],
  ['src/dm/tree/node.ts', '#src/gateway/index.js', 'dm is below gateway'],
  ['src/dm/tree/node.ts', '#src/security/index.js', 'dm and security do not know one another'],
  ['src/authority/rights.ts', '#src/adapter-api/index.js', 'authority and adapter-api do not know one another'],
  ['src/gateway/proxy.ts', '#src/store/index.js', 'gateway is below store'],
  ['src/gateway/proxy.ts', '#src/small-server/index.js', 'gateway and small-server do not know one another'],
  ['src/virtual-device/device.ts', '#src/gateway/index.js', 'virtual-device and gateway do not know one another'],
  ['src/update/campaign.ts', '#src/schedule/index.js', 'update and schedule do not know one another'],
  ['src/control/contract.ts', '#src/api/index.js', 'control is below api'],
  ['src/store/devices.ts', '#src/transport/index.js', 'store and transport do not know one another'],
  ['src/cli/devices.ts', '#src/store/index.js', 'cli and store do not know one another'],
  ['src/cli/devices.ts', '#src/programs/index.js', 'cli is below programs'],
  ['src/gateway/proxy.ts', '#adapters/mqtt/manifest.js', 'only a program knows an adapter'],
  ['src/gateway/proxy.ts', '#src/dm/session/machine.js', 'a room is entered by its index only'],
  ['src/gateway/proxy.ts', '#src/base/errors.js', 'a room is entered by its index only'],
  ['src/gateway/proxy.ts', '../base/index.js', 'rooms are reached by # imports'],
  ['src/gateway/proxy.ts', '#src/attic/index.js', 'there is no room attic'],
  ['src/gateway/proxy.ts', '../../test/house/boundaries.js', 'only src and adapters hold modules'],
  ['src/gateway/proxy.ts', '/etc/module.js', 'only src and adapters hold modules'],
  ['src/dm/tree/node.ts', 'node:fs', 'dm is pure: of Node only node:buffer, node:crypto'],
  ['src/dm/tree/node.ts', 'fs/promises', 'dm is pure: of Node only node:buffer, node:crypto'],
  ['src/dm/tree/node.ts', 'pino', 'dm is pure: no package'],
  ['src/dm/syncml/codec.ts', '../session/index.js', 'syncml is below session'],
  ['src/dm/client/client.ts', '../server/index.js', 'client and server do not know one another'],
  ['src/dm/session/machine.ts', '../syncml/codec.js', 'a room is entered by its index only'],
  ['src/dm/session/machine.ts', '../index.js', 'dm itself is above its rooms'],
  ['src/dm/index.ts', './syncml/codec.js', 'a room is entered by its index only'],
  ['adapters/mqtt/client.ts', '../snmp/client.js', 'an adapter knows only adapter-api, dm/tree and base'],
  ['adapters/mqtt/client.ts', '#src/gateway/index.js', 'an adapter knows only adapter-api, dm/tree and base'],
  ['adapters/mqtt/client.ts', '#src/dm/index.js', 'an adapter knows only adapter-api, dm/tree and base'],
])('%s may not import %s', async (file, target, why) => {
  expect(await arrow(file, target)).toEqual([`${file} -> ${target} (${why})`]);
});

it.each([
  ['src/attic/box.ts', 'src has no room attic'],
  ['src/box.ts', 'src has no room box.ts'],
  ['src/dm/box.ts', 'src/dm has no room box.ts'],
  ['src/dm/attic/box.ts', 'src/dm has no room attic'],
  ['adapters/box.ts', 'an adapter lives in a folder of its own'],
])('%s has no room to be in', async (file, why) => {
  expect(await failuresOf({ [file]: '' })).toEqual([`${file} -> (itself) (${why})`]);
});
