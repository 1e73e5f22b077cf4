import { z } from 'zod';
import { duration } from '../values/duration.js';
import { path, type Surroundings } from '../values/file-path.js';
import { port } from '../values/network.js';
import { flag } from '../values/plain-values.js';
import { ofKind, optionalSection, optionalSetting, requiredSetting, section, setting } from '../values/setting.js';

/** How devices on the LAN are noticed, and the gateway by them. */
export function discoverySection(around: Surroundings) {
  return section('How devices on the LAN are noticed; what is absent neither listens nor sends.', {
    ssdp: ssdp(),
    mdns: mdns(),
    dhcp: dhcp(around),
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

function mdns() {
  return optionalSection('Devices that offer services, by mDNS and DNS-SD (IPv4, UDP port 5353).', {
    interfaces: requiredSetting(lanInterfaces(), {
      description: 'The network interfaces of the LAN; never those towards the Internet.',
      example: ['br-lan'],
    }),
    services: setting(serviceTypes(), {
      description: 'The types of service to look for; a device that offers none of them is not noticed.',
      default: usualServices,
    }),
    searchInterval: setting(duration('1m', '1h'), { description: 'The longest pause between two questions to all.', default: '10m' }),
    advertise: setting(flag(), {
      description: 'Whether the gateway is made known as a service _oma-dm._tcp, so that devices find it.',
      default: true,
    }),
  });
}

function dhcp(around: Surroundings) {
  return optionalSection('Devices that have a lease of the DHCP server of this machine (IPv4).', {
    events: setting(flag(), { description: 'Whether `postern dhcp-event` is believed, for use in its hook script.', default: true }),
    leaseFile: optionalSetting(path(around), {
      description: 'Its lease file, in the form that dnsmasq writes; where there is one, no hook script is needed.',
      example: '/var/lib/misc/dnsmasq.leases',
    }),
    leaseInterval: setting(duration('1s', '1h'), { description: 'How often the lease file is looked at.', default: '10s' }),
  });
}

/** Things that serve, rather than people's computers. */
const usualServices = [
  '_http._tcp',
  '_ipp._tcp',
  '_ipps._tcp',
  '_printer._tcp',
  '_pdl-datastream._tcp',
  '_uscan._tcp',
  '_hap._tcp',
  '_matter._tcp',
  '_matterc._udp',
  '_googlecast._tcp',
  '_airplay._tcp',
  '_hue._tcp',
  '_esphomelib._tcp',
  '_shelly._tcp',
  '_axis-video._tcp',
  '_rtsp._tcp',
  '_mqtt._tcp',
  '_coap._udp',
  '_ssh._tcp',
];

/** @see RFC 6763 § 7, RFC 6335 § 5.1 */
function serviceTypes() {
  const type = z.string().regex(/^_(?!-)[A-Za-z0-9-]{1,15}(?<!-)\._(?:tcp|udp)$/);
  const schema = z.array(type).min(1).max(32);
  return ofKind(schema, { type: 'list', allowed: 'a list of 1 to 32 types of service, such as [_ipp._tcp]' });
}

/** Names of network interfaces, as `ip link` shows them. */
export function lanInterfaces() {
  const schema = z
    .array(z.string().regex(/^[^\s/\p{Cc}]{1,15}$/u))
    .min(1)
    .max(16);
  return ofKind(schema, { type: 'list', allowed: 'a list of 1 to 16 names of network interfaces, such as [br-lan]' });
}
