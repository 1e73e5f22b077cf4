import type { IClientOptions } from 'mqtt';

/** How we come to a broker. */
export interface MqttLogin {
  /** `mqtts://host:port`, or `mqtt://`. */
  readonly url: string;
  readonly clientId: string;
  readonly userName?: string;
  readonly password?: string;
  /** For `mqtts`; what `clientTlsOptions` makes. The chain is checked whatever it says. */
  readonly tls: object;
}

/** As the library takes it: MQTT 3.1.1, and never connected again by the library's own clock. */
export function loginOptions({ url, tls, clientId, userName, password }: MqttLogin): IClientOptions {
  return {
    ...(url.startsWith('mqtts:') ? { ...tls, rejectUnauthorized: true } : {}),
    clientId,
    ...(userName === undefined ? {} : { username: userName }),
    ...(password === undefined ? {} : { password }),
    protocolVersion: 4,
    reconnectPeriod: 0,
    // Else a buffer is kept for each of the 65 536 numbers of two bytes: 7 MiB.
    writeCache: false,
  };
}
