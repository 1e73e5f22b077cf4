export { formatChal, formatCred, type Identity, schemeOf, verifyCred } from './credential.js';
export { basicCredential, digestOf, keptSecret, md5Credential, type Scheme, type Secret, sameSecret, secretDigest } from './secret.js';
