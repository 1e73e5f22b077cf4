import { z } from 'zod';
import { credentials, logSection } from './settings/shared-settings.js';
import { smallServerTriggerSection } from './settings/small-server-trigger-settings.js';
import { path, privateFile, readableFile, type Surroundings } from './values/file-path.js';
import { deviceIdentifier, serverIdentifier } from './values/identifiers.js';
import { listenAddress, port } from './values/network.js';
import { listSection, optionalSection, optionalSetting, requiredSetting, setting } from './values/setting.js';
import { triggerAddress } from './values/trigger-address.js';

/** Everything that the small DM server can be told. Paths are absolute. */
export type SmallServerConfig = z.output<ReturnType<typeof smallServerSchema>>;

/** The keys of the small DM server's file, each declared once. Secrets and files are read while it parses. */
export function smallServerSchema(around: Surroundings) {
  return z.strictObject({
    serverId: setting(serverIdentifier(), { description: 'The identifier by which its devices know it.', default: 'owner' }),
    listen: setting(listenAddress(), { description: 'The address that it listens on.', default: '127.0.0.1' }),
    port: setting(port(0), { description: 'Its port.', default: 9443 }),
    tls: optionalSection('Certificate and key that it shows; absent: whoever starts it brings them, or there is none.', {
      cert: requiredSetting(readableFile(around), { description: 'The certificate with its chain, PEM.', example: 'tls/cert.pem' }),
      key: requiredSetting(privateFile(around), { description: 'Its private key, PEM, readable by nobody else.', example: 'tls/key.pem' }),
    }),
    devices: devices(around),
    triggers: smallServerTriggerSection(around),
    state: optionalSetting(path(around), {
      description: 'The directory of everything durable; absent: chosen by whoever starts it.',
      example: 'state',
    }),
    log: logSection(),
  });
}

function devices(around: Surroundings) {
  const shape = {
    id: requiredSetting(deviceIdentifier(), { description: 'Its DevId.', example: 'urn:imei:490154203237518' }),
    ...credentials(around, { client: 'the device shows the server', server: 'the server shows the device', userName: 'its id' }),
    reach: optionalSetting(triggerAddress(), {
      description: 'Where a trigger reaches it, if anywhere; it needs a serverPassword.',
      example: 'mqtt:home/gateway',
    }),
  };
  return listSection(shape, { description: 'The devices that it manages.', most: 10_000 });
}
