export { demandsOf } from './demands.js';
export { readings } from './reading.js';
export { type Demand, type RightCommand, type Rights, RightsTable, rightCommands } from './rights.js';
export { type Polling, serversInTurn } from './servers-in-turn.js';
