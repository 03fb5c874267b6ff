/**
 * Tells load balancers in front of the nodes which of them have endpoints of a service whose outside traffic stays on its
 * node: on `healthCheckNodePort`, every path, 200 with at least one ready endpoint here and 503 with none.
 */
import { createServer, type Server } from "node:http";
import { EndpointSlice, keyOf, type Logger, Service, splitKey } from "@berth/api";
import type { Informers } from "@berth/client";
import { isPort } from "./address.ts";
import { BY_SERVICE, readyHere } from "./services.ts";

export interface HealthChecksOptions {
	/** Started by the caller; the slices are indexed by their service. */
	readonly informers: Informers;
	readonly nodeName: string;
	readonly log: Logger;
}

/** The port of such a service; undefined for all others. Pure. */
export function healthCheckPort({ spec }: Service): number | undefined {
	const stays = spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
	return stays && isPort(spec.healthCheckNodePort) ? spec.healthCheckNodePort : undefined;
}

/** Runs until the signal aborts. A port that is taken is told in the log, and tried again when the service changes. */
export async function runHealthChecks(options: HealthChecksOptions, signal: AbortSignal): Promise<void> {
	const { informers, nodeName, log } = options;
	const services = informers.of(Service);
	const slices = informers.of(EndpointSlice);
	const open = new Map<string, { readonly port: number; readonly server: Server }>();

	const close = (key: string) => {
		const server = open.get(key)?.server;
		open.delete(key);
		server?.close();
		server?.closeAllConnections();
	};
	const look = (key: string) => {
		const service = services.get(key);
		const port = service && healthCheckPort(service);
		if (open.get(key)?.port === port) return;
		close(key);
		if (port === undefined) return;
		const server = createServer((_request, response) => {
			const count = readyHere(slices.by(BY_SERVICE, key), nodeName);
			response.writeHead(count > 0 ? 200 : 503, {
				"content-type": "application/json",
				"x-content-type-options": "nosniff",
				"x-load-balancing-endpoint-weight": String(count),
			});
			const { namespace, name } = splitKey(key);
			const service = { namespace, name };
			response.end(JSON.stringify({ service, localEndpoints: count, serviceProxyHealthy: true }));
		});
		open.set(key, { port, server });
		server.on("error", (error) => {
			log.warn({ error, service: key, port }, "load balancers cannot ask about a service");
			if (open.get(key)?.server === server) open.delete(key);
		});
		server.listen(port);
	};

	const unsubscribe = services.subscribe(({ object }) => look(keyOf(object)));
	await new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		else signal.addEventListener("abort", resolve, { once: true });
	});
	unsubscribe();
	for (const key of [...open.keys()]) close(key);
}
