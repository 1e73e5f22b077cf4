/** What a page says before its messages. */
export interface FlowPage {
  /** Folder of the recording, and name of the page. */
  readonly name: string;
  readonly title: string;
  readonly intro: string;
}

/** The flows that have a page, in the order to read them. */
export const flowPages: readonly FlowPage[] = [
  {
    name: 'a-session-of-the-gateway-itself',
    title: 'A session of the gateway itself',
    intro:
      'A device has come, and the gateway tells its DM server: `deviceattached`, with DevId and association number. It is the first session with this server, so neither side has a nonce yet, and each asks the other for proof. The server has nothing to ask; the small DM server then reads `./DevInfo/DmV`, so that both have shown who they are.',
  },
  {
    name: 'a-proxied-session',
    title: 'A proxied session',
    intro:
      'A device opens a session with the gateway, the gateway opens one with the operator as the device, and carries the commands that wait there south, and the answers north. It is not the first session: all have nonces and show credentials at once. The firmware version is the gateway’s own question, so its answer stays here.',
  },
  {
    name: 'two-servers-and-one-device',
    title: 'Two servers and one device',
    intro:
      'Two authorities manage one device, in one session of it. The operator comes first (`priority`). Its empty last package stays at the gateway, and the commands of the enterprise go into that answer: the device sees one session with one server. The enterprise may read the lamp and not switch it: its Replace gets 425 from the gateway and never goes south.',
  },
  {
    name: 'a-trigger',
    title: 'A trigger',
    intro:
      'The operator wants a session with a device that it cannot reach. It sends Package#0 to the gateway, to the UDP port of this device. The gateway checks its digest, and tells the device by a Package#0 of its own, under its own server id. The session that follows opens north with alert 1200 and the SessionID of the operator’s trigger.',
  },
  {
    name: 'a-transparent-session',
    title: 'A transparent session',
    intro:
      'A device has its session with its own server through the forward proxy. This is all that the gateway sees: who (by `Proxy-Authorization`), where to, and TLS records with their lengths.',
  },
  {
    name: 'a-device-that-speaks-wbxml',
    title: 'A device that speaks WBXML',
    intro:
      'A device speaks WBXML and its server XML: each leg keeps its own encoding. Else it is [the proxied session](a-proxied-session.md) again.',
  },
  {
    name: 'a-device-that-was-unplugged',
    title: 'A device that was unplugged',
    intro:
      'A device has gone without a word: its connection to the gateway’s broker broke, and it did not come back within `presence.grace`. The gateway tells the server that heard of the device: `devicedetached`, with the same DevId and association number. Both sides have nonces from the session before.',
  },
  {
    name: 'a-repeat-after-a-lost-answer',
    title: 'A repeat after a lost answer',
    intro:
      'The answer to the device’s second message is lost, so the device sends that message again, byte for byte. It gets the stored answer, the same bytes; the operator hears nothing of it, and the Exec ran once.',
  },
];

/** The device in all of them. */
export const flowDevice = 'urn:imei:490154203237518';
