import { z } from 'zod';
import { duration } from './duration.js';
import { port } from './network.js';
import { flag } from './plain-values.js';
import { ofKind, optionalSection, requiredSetting, section, setting } from './setting.js';

/** How devices on the LAN are noticed, and the gateway by them. */
export function discoverySection() {
  return section('How devices on the LAN are noticed; what is absent neither listens nor sends.', {
    ssdp: ssdp(),
  });
}

function ssdp() {
  return optionalSection('UPnP devices, by SSDP (IPv4, UDP port 1900).', {
    interfaces: requiredSetting(lanInterfaces(), {
      description: 'The network interfaces of the LAN; never those towards the Internet.',
      example: ['br-lan'],
    }),
    searchInterval: setting(duration('1m', '1d'), { description: 'How often devices are asked to answer.', default: '15m' }),
    respond: setting(flag(), {
      description: 'Whether the gateway is announced and answers searches, so that devices find it.',
      default: true,
    }),
    descriptionPort: setting(port(0), {
      description: "The TCP port of the gateway's own description, on the addresses of these interfaces.",
      default: 0,
    }),
  });
}

/** Names of network interfaces, as `ip link` shows them. */
export function lanInterfaces() {
  const schema = z
    .array(z.string().regex(/^[^\s/\p{Cc}]{1,15}$/u))
    .min(1)
    .max(16);
  return ofKind(schema, { type: 'list', allowed: 'a list of 1 to 16 names of network interfaces, such as [br-lan]' });
}
