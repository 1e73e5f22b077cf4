/** Whose credentials a nonce is for: the client's towards the server (CLCRED), or the server's towards the client (SRVCRED). */
export type NonceFor = 'client' | 'server';
