export type { SendTrigger, TriggerView } from './client-triggers.js';
export { defaultSmallServerSettings, type Environment, type SmallServerSettings } from './environment.js';
export type {
  AlertRecord,
  AlertRepository,
  ClientAlert,
  ClientDeclaration,
  ClientFacts,
  ClientOrigin,
  ClientRecord,
  ClientRepository,
  CommandRecord,
  CommandRepository,
  CommandState,
  Order,
  OrderOutcome,
  SmallServerStore,
} from './ports.js';
export { type ClientView, type NewClient, type ServerSessionView, SmallServer } from './small-server.js';
