/** Name of a gateway's control socket in its state folder. */
export const controlSocketName = 'control.sock';

/** Name of a small DM server's socket in its state folder. */
export const smallServerSocketName = 'server.sock';
