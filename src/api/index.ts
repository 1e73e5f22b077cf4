export { controlApi, healthApi } from './control-api.js';
export { smallServerApi } from './small-server-api.js';
