import type { Clock, Logger } from "@berth/api";
import type { Client, Informers } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import type { Registry } from "prom-client";

import type { KubeletConfiguration } from "./config/kubelet-configuration.ts";
import type { Certificates } from "./node/certificates/certificates.ts";
import type { ShutdownSource } from "./node/shutdown/shutdown-keeper.ts";

export interface AgentOptions {
	readonly client: Client;
	/** Started by the caller. */
	readonly informers: Informers;
	readonly events: EventRecorder;
	readonly nodeName: string;
	/** Addresses that other nodes and the control plane reach this host at; the first is its InternalIP for routes. */
	readonly nodeAddresses: readonly string[];
	/** Default `/var/run/docker.sock`. */
	readonly dockerSocket?: string | undefined;
	/** Default `/var/lib/berth/agent`. */
	readonly dataDir?: string | undefined;
	/** Default `/opt/cni/bin`, `/usr/lib/cni`, `/usr/libexec/cni`. */
	readonly cniBinDirs?: readonly string[] | undefined;
	/** Bridge that pods hang on. Default `berth0`. */
	readonly bridge?: string | undefined;
	/** Address of the cluster's DNS service. */
	readonly clusterDns: string;
	/** `cluster.local` */
	readonly clusterDomain: string;
	/** Ranges of all pods of the cluster. */
	readonly podCidrs: readonly string[];
	/** Of the agent's own HTTPS server. Default 10250. */
	readonly port?: number | undefined;
	/** PEM: the serving certificate, and the authority that callers' certificates are of. */
	readonly tls: { readonly certificate: string; readonly key: string; readonly ca: string };
	/** Renewed before they end, and served in place of that of `tls`. Default: that one, to its end. */
	readonly certificates?: Certificates | undefined;
	/** The process's, which the agent adds its own to. Default: a new one. */
	readonly metrics?: Registry | undefined;
	readonly clock: Clock;
	readonly log: Logger;
	/** Default: what a kubelet without a configuration file does. */
	readonly configuration?: KubeletConfiguration | undefined;
	/** Who tells that the host goes down. Default: systemd. */
	readonly shutdowns?: ShutdownSource | undefined;
	/** In [0, 1). Default `Math.random`. */
	readonly random?: (() => number) | undefined;
}
