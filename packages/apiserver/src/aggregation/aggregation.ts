/** The aggregation layer, composed: APIServices of this server and of others, and what comes of them. */
import { type AnyKind, type Clock, ConfigMap, type Logger, type Transport } from "@berth/api";
import { FRONT_PROXY, type FrontProxy } from "../pki/pki.ts";
import type { Wanted } from "../registry/bootstrap.ts";
import type { ServedKinds } from "../registry/served-kinds.ts";
import type { Objects } from "../store/objects.ts";
import type { ExtensionServers } from "./extension-servers.ts";
import { syncLocalServices } from "./local-services.ts";
import { type RemoteServices, type RemoteVersion, watchRemoteServices } from "./remote-services.ts";

export interface Aggregation extends AsyncDisposable {
	/** What other servers serve. A changed list is a new array. */
	versions(): readonly RemoteVersion[];
}

export interface AggregationOptions {
	readonly objects: Objects;
	readonly served: ServedKinds;
	readonly servers: ExtensionServers;
	/** Its user may do everything. */
	readonly transport: Transport;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Begins to keep APIServices. Nobody needs to wait for it: what this server serves itself does not depend on it. */
export function startAggregation(options: AggregationOptions): Aggregation {
	const { objects, served, transport, log } = options;
	let closed = false;
	let synced: readonly AnyKind[] = [];
	let syncing = Promise.resolve();
	const sync = () => {
		syncing = syncing.then(async () => {
			const present = served.kinds;
			if (present === synced || closed) return;
			synced = present;
			await syncLocalServices({ kinds: present, objects, transport, log });
		});
	};
	sync();
	const subscription = served.subscribe(sync);
	const remote: RemoteServices = watchRemoteServices(options);
	return {
		versions: remote.versions,
		[Symbol.asyncDispose]: async () => {
			closed = true;
			subscription[Symbol.dispose]();
			await Promise.all([syncing, remote[Symbol.asyncDispose]()]);
		},
	};
}

/** Where extension servers read whom to believe. */
export function authenticationConfig(options: {
	readonly caPem: string;
	readonly frontProxy: FrontProxy;
}): Wanted[] {
	const draft = {
		metadata: { name: "extension-apiserver-authentication", namespace: "kube-system" },
		data: {
			"client-ca-file": options.caPem,
			"requestheader-allowed-names": JSON.stringify([FRONT_PROXY]),
			"requestheader-client-ca-file": options.frontProxy.caPem,
			"requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
			"requestheader-group-headers": '["X-Remote-Group"]',
			"requestheader-uid-headers": '["X-Remote-Uid"]',
			"requestheader-username-headers": '["X-Remote-User"]',
		},
	};
	return [{ kind: ConfigMap, draft }];
}
