import { isPosternError } from '#src/base/index.js';
import { announcementOf, departedOf } from '#src/discovery/ssdp/announcement.js';
import { kindOfDatagram, waitOfSearch } from '#src/discovery/ssdp/datagram.js';
import { readDescription } from '#src/discovery/ssdp/device-description.js';
import { matchesIn } from '../grammar.js';
import { hold } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

const uuid = '2fac1234-31f8-11b4-a222-08002b34c003';
const address = '192.0.2.7';
const description = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major></specVersion><device>
<friendlyName>Lamp &amp; more</friendlyName><manufacturer>Maker</manufacturer><modelName>M</modelName><modelNumber>1</modelNumber>
<UDN>uuid:${uuid}</UDN></device></root>`;
const head = `HOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: http://${address}:80/d.xml\r\n`;
const seeds = [
  `NOTIFY * HTTP/1.1\r\n${head}NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN: uuid:${uuid}::upnp:rootdevice\r\n\r\n`,
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 3\r\nST: ssdp:all\r\n\r\n',
  `HTTP/1.1 200 OK\r\n${head}EXT:\r\nST: upnp:rootdevice\r\nUSN: uuid:${uuid}::upnp:rootdevice\r\n\r\n`,
  description,
];
const pieces = [
  'http://user@192.0.2.7/',
  'http://[::1]/',
  'http://192.0.2.7:0/',
  'max-age=',
  '99999999999',
  '\0',
  '\r\n',
  ' '.repeat(500),
  'MX: 0\r\n',
];
const markup = ['<!DOCTYPE x [', '&#65;', '<a>', '</device>', '<device>', '\u202e', '\ufffd', `<UDN>uuid:${uuid}</UDN>`];

/** Datagrams of SSDP, and the descriptions that they lead to. */
export const ssdpTarget: FuzzTarget = {
  name: 'ssdp',
  share: 0.01,
  grammar: {
    seeds: seeds.map((text) => Buffer.from(text)),
    pieces: [...pieces, ...markup].map((text) => Buffer.from(text)),
    spansOf: (seed) => [...matchesIn(seed, /[^\r\n]+\r\n/g), ...matchesIn(seed, /<[^>]*>/g), ...matchesIn(seed, /[^\s:<>=]+/g)],
  },
  check(input) {
    kindOfDatagram(input);
    const wait = waitOfSearch(input);
    hold(wait === undefined || (wait >= 1 && wait <= 5), 'an answer waits for 1 to 5 s');
    const headers = headersOf(input);
    const found = announcementOf(headers, address);
    hold(found === undefined || found.location.hostname === address, 'a description lies at the address that it came from');
    departedOf(headers);
    checkDescription(input);
  },
};

function checkDescription(input: Buffer): void {
  try {
    const { name = '', manufacturer = '', model = '' } = readDescription(input, `urn:uuid:${uuid}`);
    hold(!/[\p{Cc}\u202e]/u.test(name + manufacturer + model), 'names are plain');
  } catch (error) {
    if (!isPosternError(error)) throw error;
  }
}

function headersOf(input: Buffer): Record<string, string> {
  const lines = input.toString('latin1').split('\r\n').slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toUpperCase(), value.join(':')];
    }),
  );
}
