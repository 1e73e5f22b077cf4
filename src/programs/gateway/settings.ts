import type { GatewayConfig } from '#src/config/index.js';
import type { GatewaySettings } from '#src/gateway/index.js';

/** The configuration as the gateway's room takes it. @param southUrl asked only once the endpoint listens */
export function settingsFrom(config: GatewayConfig, southUrl: () => string): GatewaySettings {
  const { limits } = config;
  return {
    serverId: config.gateway.serverId,
    name: config.gateway.name,
    paths: config.south.paths,
    southUrl,
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
  };
}
