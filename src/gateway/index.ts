export type { Correlation } from './alerts/correlation.js';
export type { DeviceQueueRepository, QueuedMessage, QueueLoad } from './device-queue.js';
export type { Environment, GatewaySettings } from './environment.js';
export { Gateway } from './gateway.js';
export type { NorthTurn } from './north/north-session.js';
export type { ServerAway } from './north/server-outages.js';
export type { OwnHardware } from './own/own-hardware.js';
export type { OwnDescription } from './own/own-tree.js';
export type {
  Account,
  AccountRepository,
  AclRepository,
  CorrelationPolicy,
  DeviceDeclaration,
  DeviceFacts,
  DeviceOrigin,
  DeviceRecord,
  DeviceSelection,
  DeviceSummary,
  GatewayStore,
  IdentityRepository,
  InventoryRepository,
  KnownPlaceRepository,
  LastMessage,
  LastMessageRepository,
  Mode,
  NonceFor,
  NonceRepository,
  Origin,
  OutboxAlert,
  OutboxRepository,
  PendingTriggers,
  Polling,
  Rights,
  Scheme,
  Secret,
  SouthCredentials,
} from './ports.js';
export { gatewayOwner, usualPriority } from './ports.js';
export type { PresenceState, RefusalRepository, Sighted, Way, WaySeen } from './presence/ports.js';
export { type AdmissionPolicy, defaultPresenceSettings, type PresenceSettings } from './presence/presence-settings.js';
export { lastSeen, seenBy, shownFacts, shownName } from './presence/shown-facts.js';
export type { SightedBy, Sighting, Sightings } from './presence/sighting.js';
export type { SessionView } from './sessions/session-meter.js';
export type { AllowedPlace, Caller, Destination, Gatekeeper, TransparentSettings } from './transparent/gatekeeper.js';
export type { DevicePublisher } from './triggers/device-publisher.js';
export type { DeviceWires } from './triggers/device-ways.js';
export type { TriggerRefusal, TriggerVerdict } from './triggers/judge.js';
export type { PendingTrigger, TriggerCarrier, TriggerKey, TriggerPolicy, TriggerRepository } from './triggers/ports.js';
export { isTriggerPath, takePublished, triggerHandler, triggerTopics } from './triggers/trigger-door.js';
export { defaultTriggerSettings, type TriggerCounts, type TriggerSettings } from './triggers/triggers.js';
export type { DmClient, DmClientFactory, DmHandler, DmPost, DmReply, DmRequest, DmResponse } from './wire.js';
