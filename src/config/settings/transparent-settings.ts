import { allowedPlace } from '../values/allowed-place.js';
import { duration } from '../values/duration.js';
import { listenAddress, port } from '../values/network.js';
import { count, flag, listOf } from '../values/plain-values.js';
import { optionalSetting, section, setting } from '../values/setting.js';

/** The forward proxy of transparent mode. */
export function transparentSection() {
  return section('The forward proxy through which transparent devices reach their own servers.', {
    listen: setting(listenAddress(), { description: 'The address that it listens on.', default: '127.0.0.1' }),
    port: optionalSetting(port(0), { description: 'Its port; absent: there is none.', example: 3128 }),
    tls: setting(flag(), {
      description: 'Whether devices speak TLS to it; else only those with allowPlainHttp may show their password.',
      default: false,
    }),
    allow: setting(listOf(allowedPlace(), 256, 'a host, an address or a network with a port, such as dm.example:443 or 192.0.2.0/24:443'), {
      description:
        "Where every transparent device may go besides its accounts' servers; port 443 if none is written. A name leads to public addresses only, unless the address or its network stands here too.",
      default: [],
      example: ['dm.example:443', 'updates.example:80', '192.168.7.0/24:443'],
    }),
    maxConnections: setting(count(1, 65_535), {
      description: 'Connections open at once; more are closed.',
      unit: 'connections',
      default: 256,
    }),
    perDevice: setting(count(1, 1024), {
      description:
        'Connections that one device may have open at once, each for a tunnel or for messages one after the other; more get 429.',
      unit: 'connections',
      default: 8,
    }),
    connectTimeout: setting(duration('1s', '2m'), { description: 'How long resolving a name and connecting may take.', default: '10s' }),
    idle: setting(duration('1s', '1d'), {
      description: 'A connection without a byte either way ends after this time.',
      default: '5m',
    }),
  });
}
