export { controlApi } from './control-api.js';
export { createGatewayService, type GatewayServiceParts } from './gateway-service.js';
export { smallServerApi } from './small-server-api.js';
export { createSmallServerService } from './small-server-service.js';
