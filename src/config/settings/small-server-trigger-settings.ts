import { duration } from '../values/duration.js';
import { readableFile, type Surroundings } from '../values/file-path.js';
import { brokerAddress } from '../values/network.js';
import { count, flag, line, listOf } from '../values/plain-values.js';
import { secret } from '../values/secret.js';
import { optionalSection, optionalSetting, requiredSetting, section, setting } from '../values/setting.js';

/** How the small DM server asks its devices for a session. */
export function smallServerTriggerSection(around: Surroundings) {
  return section('How it asks devices for a session (Package#0); where to is the `reach` of each.', {
    broker: optionalSection('The MQTT broker that gateways are connected to.', {
      url: requiredSetting(brokerAddress(), { description: 'Its address.', example: 'mqtts://broker.example:8883' }),
      userName: optionalSetting(line(255), { description: 'The user name at the broker.', example: 'operator' }),
      password: optionalSetting(secret(around), {
        description: 'The password at the broker.',
        example: { file: 'secrets/broker-password' },
      }),
      allowPlain: setting(flag(), { description: 'Whether mqtt:// without TLS will do.', default: false }),
    }),
    trust: setting(listOf(readableFile(around), 64, 'a PEM file'), {
      description: "Certificates of further authorities to trust, besides the system's: the gateways' own CAs, the broker's.",
      default: [],
      example: ['trust/gateway-ca.pem'],
    }),
    first: setting(duration('1s', '10m'), {
      description: 'The same trigger goes again after a random part of this time, doubled each time, until the session came.',
      default: '5s',
    }),
    cap: setting(duration('1s', '1h'), { description: 'The longest such wait.', default: '5m' }),
    sends: setting(count(1, 100), { description: 'How often one trigger is sent at most.', unit: 'times', default: 8 }),
  });
}
