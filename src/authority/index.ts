export { AclRights } from './acl-rights.js';
export { demandsOf } from './demands.js';
export { readings } from './reading.js';
export { allOf, type Demand, type Permissions, type RightCommand, type Rights, RightsTable, rightCommands } from './rights.js';
export { type Polling, serversInTurn } from './servers-in-turn.js';
