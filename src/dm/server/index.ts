export { withKeptHeader } from './kept-header.js';
export { stepServer } from './server-machine.js';
export {
  type Delivery,
  newServer,
  type ServerEffect,
  type ServerInput,
  type ServerSetup,
  type ServerState,
  type ServerStep,
} from './server-state.js';
export { unknownSessionAnswer } from './unknown-session.js';
