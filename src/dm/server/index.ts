export {
  type Delivery,
  newServer,
  type ServerEffect,
  type ServerInput,
  type ServerSetup,
  type ServerState,
  type ServerStep,
  stepServer,
} from './server-machine.js';
