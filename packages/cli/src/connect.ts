/** The road to an API server over HTTPS, from a kubeconfig. */
import process from "node:process";
import { type Logger, silentLogger, systemClock } from "@berth/api";
import {
	type Client,
	type ClientIdentity,
	type Credentials,
	createClient,
	httpsTransport,
	KubeconfigError,
	loadKubeconfig,
} from "@berth/client";
import { Failure } from "./failure.ts";

export interface ConnectOptions {
	/** Default: $KUBECONFIG. */
	readonly kubeconfig?: string | undefined;
	readonly log?: Logger;
	/** Owner of the fields that the client writes. */
	readonly fieldManager?: string;
	/** Milliseconds for a whole call. Default one minute. */
	readonly timeout?: number;
	/** In place of the file's client certificate, where that is renewed. */
	readonly identity?: ((credentials: Credentials) => Promise<() => ClientIdentity>) | undefined;
}

export interface Connected {
	readonly client: Client;
	/** Where the server is, and who asks. */
	readonly credentials: Credentials;
	close(): Promise<void>;
}

/** Nothing is sent yet. Throws a Failure when the file cannot be used. */
export async function connect({
	kubeconfig,
	log,
	fieldManager,
	timeout,
	identity,
}: ConnectOptions): Promise<Connected> {
	const file = kubeconfig ?? process.env.KUBECONFIG;
	if (!file)
		throw new Failure("which cluster?", "name its kubeconfig with --kubeconfig FILE or in $KUBECONFIG");
	const credentials = await loadKubeconfig(file).catch((error: unknown) => {
		if (!(error instanceof KubeconfigError)) throw error;
		throw new Failure(error.message, "`berth kubeconfig` makes a good one; --kubeconfig names it", error);
	});
	const transport = httpsTransport({
		...credentials,
		identity: await identity?.(credentials),
		clock: systemClock,
		log: log ?? silentLogger,
		...(timeout !== undefined && { timeout }),
	});
	return {
		client: createClient(transport, { fieldManager }),
		credentials,
		close: () => transport.close(),
	};
}
