/** How a client proves who it is, PEM. */
export interface ClientIdentity {
	readonly certificate: string;
	readonly key: string;
}

/** Where a server is, and how to prove to it who we are. */
export interface Credentials {
	/** `https://192.0.2.1:6443`. */
	readonly server: string;
	/** PEM of the authorities that may have signed the server's certificate. Default: the system's. */
	readonly ca?: string | undefined;
	/** PEM of the client certificate, and its key. */
	readonly certificate?: string | undefined;
	readonly key?: string | undefined;
	/** Bearer token. */
	readonly token?: string | undefined;
	/** The name to expect in the server's certificate, where it is not the one in `server`. */
	readonly serverName?: string | undefined;
	/** Accept any certificate of the server. */
	readonly insecure?: boolean | undefined;
	/** Of the context; what commands use when none is named. */
	readonly namespace?: string | undefined;
}
