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
  OrderResult,
  OrderStatus,
  SingleOrder,
  SmallServerStore,
} from './ports.js';
export { type Enrolment, type NewClient, type ServerSessionView, SmallServer } from './small-server.js';
