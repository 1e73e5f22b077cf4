export { controlApi } from './control-api.js';
export { smallServerApi } from './small-server-api.js';
