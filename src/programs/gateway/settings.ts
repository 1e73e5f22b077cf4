import type { GatewayConfig } from '#src/config/index.js';
import type { GatewaySettings } from '#src/gateway/index.js';

/** What devices are told to be our address; asked only once the endpoint listens. */
type SouthUrls = Pick<GatewaySettings, 'southUrl' | 'southPlainUrl'>;

/** The configuration as the gateway's room takes it. */
export function settingsFrom(config: GatewayConfig, southUrls: SouthUrls): GatewaySettings {
  const { limits } = config;
  return {
    serverId: config.gateway.serverId,
    name: config.gateway.name,
    paths: config.south.paths,
    ...southUrls,
    decode: {
      bytes: limits.messageBytes,
      depth: limits.messageDepth,
      elements: limits.messageElements,
      attributes: limits.messageAttributes,
      text: limits.textLength,
    },
    offer: { maxMsgSize: limits.maxMsgSize, maxObjSize: limits.objectBytes },
    answerTimeout: config.north.answerTimeout,
    deviceWait: limits.deviceWait,
    sessionIdle: limits.sessionIdle,
    repeatWindow: limits.repeatWindow,
    maxSessions: limits.sessions,
    retry: config.retry,
    respUriHosts: config.north.respUriHosts,
    triggers: triggersFrom(config),
    logins: config.logins,
    presence: config.presence,
    transparent: {
      allow: config.transparent.allow,
      addresses: new Map(config.devices.flatMap(({ id, fromAddress }) => (fromAddress === undefined ? [] : [[fromAddress, id]]))),
    },
  };
}

function triggersFrom({ triggers }: GatewayConfig): NonNullable<GatewaySettings['triggers']> {
  const { age: maxAge, perAccount, total, relayedPerDevice: perDevice, relayedPerSource: perSource } = triggers.limits;
  const { wait, maxWaiting: most } = triggers.poll;
  return { maxAge, perAccount, total, relay: { perDevice, perSource }, polls: { wait, most } };
}
