/**
 * The agent's own port, with the kubelet's paths: where the API server comes for logs, exec, attach and port-forward, and
 * Prometheus for metrics. Who may come in is in callers.ts.
 */
import { createServer, type Server } from "node:https";
import type { Duplex } from "node:stream";
import { type Clock, type Logger, type Pod, StatusError } from "@berth/api";
import Router from "@koa/router";
import Koa from "koa";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { KeyPair } from "../node/certificates/certificates.ts";
import type { HostStats } from "../stats/host-stats.ts";
import { runningPods } from "../stats/running-pods.ts";
import type { Callers } from "./callers.ts";
import type { Containers } from "./containers.ts";
import { parseLogOptions } from "./log-options.ts";
import { createUpgrades } from "./upgrades.ts";

const REQUEST_TIMEOUT = 30_000;

export interface AgentServerOptions {
	readonly port: number;
	/** Addresses to listen on. */
	readonly addresses: readonly string[];
	/** PEM. */
	readonly tls: { readonly certificate: string; readonly key: string; readonly ca: string };
	/** Tells of each new pair for connections yet to come. Answers with how to stop. Default: it stays. */
	readonly renewals?: ((listener: (pair: KeyPair) => void) => () => void) | undefined;
	readonly callers: Callers;
	readonly containers: Containers;
	readonly stats: HostStats;
	readonly pods: () => readonly Pod[];
	/** The process's metrics in Prometheus' text format. */
	readonly metrics: () => Promise<string>;
	/** How probes went, in the same format. */
	readonly probeMetrics: () => Promise<string>;
	readonly configuration: KubeletConfiguration;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Resolves when every address listens. Disposing ends all connections, streams included. */
export async function startAgentServer(options: AgentServerOptions): Promise<AsyncDisposable> {
	const app = createApp(options);
	const upgrade = createUpgrades(options);
	const servers: Server[] = [];
	try {
		for (const address of options.addresses) servers.push(await listen(options, address, app, upgrade));
	} catch (error) {
		await closeAll(servers);
		throw error;
	}
	const { ca } = options.tls;
	const stop = options.renewals?.(({ certificate: cert, key }) => {
		for (const server of servers) server.setSecureContext({ cert, key, ca });
	});
	return {
		[Symbol.asyncDispose]: () => {
			stop?.();
			return closeAll(servers);
		},
	};
}

function createApp(options: AgentServerOptions): Koa {
	const { callers, containers, stats, log } = options;
	const router = new Router();
	router.get("/healthz", (context) => {
		context.body = "ok";
	});
	router.get("/pods", (context) => {
		context.body = { kind: "PodList", apiVersion: "v1", metadata: {}, items: options.pods() };
	});
	const exposed: Readonly<Record<string, () => Promise<string>>> = {
		"/metrics": options.metrics,
		"/metrics/resource": stats.resourceMetrics,
		"/metrics/cadvisor": stats.cadvisorMetrics,
		"/metrics/probes": options.probeMetrics,
	};
	for (const [path, read] of Object.entries(exposed)) {
		router.get(path, async (context) => {
			context.body = await read();
			context.type = "text/plain; version=0.0.4; charset=utf-8";
		});
	}
	router.get("/runningpods", (context) => {
		context.body = runningPods(stats.containers());
	});
	router.get(["/logs", "/logs/{*path}"], (context) => {
		context.status = 404;
		context.body = "the host's own logs are not served: read them on the host (journalctl)";
	});
	router.get("/configz", (context) => {
		context.body = { kubeletconfig: options.configuration };
	});
	router.get("/stats/summary", async (context) => {
		const only = new URLSearchParams(context.querystring).get("only_cpu_and_memory");
		context.body = await stats.summary({ onlyCpuAndMemory: only === "true" || only === "1" });
	});
	router.get("/containerLogs/:namespace/:pod/:container", async (context) => {
		const { namespace = "", pod = "", container = "" } = context.params;
		const stop = new AbortController();
		context.res.once("close", () => stop.abort());
		const query = new URLSearchParams(context.querystring);
		const wanted = parseLogOptions(query, options.clock.now());
		const lines = await containers.logs({ namespace, pod, container }, wanted, stop.signal);
		lines.on("error", (error) => log.debug({ error, pod }, "reading a log broke"));
		context.status = 200;
		context.type = "text/plain";
		context.set("Transfer-Encoding", "chunked");
		// The client of a quiet log must not wait for the first line to know that it is connected.
		context.flushHeaders();
		context.body = lines;
	});

	const app = new Koa();
	app.silent = true;
	app.use(async (context, next) => {
		try {
			const refusal = await callers.refusal(context.req);
			if (refusal) {
				context.status = refusal.code;
				context.body = refusal.message;
				return;
			}
			await next();
		} catch (error) {
			const status = error instanceof StatusError ? error.status : undefined;
			if (!status) log.error({ error, path: context.path }, "a request failed");
			context.status = status?.code ?? 500;
			context.body = status?.message ?? "internal error";
		}
	});
	app.use(router.routes());
	return app;
}

function listen(
	options: AgentServerOptions,
	address: string,
	app: Koa,
	upgrade: ReturnType<typeof createUpgrades>,
): Promise<Server> {
	const { certificate: cert, key, ca } = options.tls;
	const server = createServer(
		{ cert, key, ca, requestCert: true, rejectUnauthorized: false },
		app.callback(),
	);
	server.headersTimeout = REQUEST_TIMEOUT;
	server.on("upgrade", (request, socket: Duplex, head) => {
		const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
		// Somebody who hangs up while the API server is asked.
		socket.on("error", () => {});
		options.callers.refusal(request).then(
			(refusal) => {
				if (refusal) refuse(refusal.code === 401 ? "401 Unauthorized" : "403 Forbidden");
				else upgrade(request, socket, head);
			},
			() => refuse("503 Service Unavailable"),
		);
	});
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port, address, () => {
			server.off("error", reject);
			server.on("error", (error) => options.log.error({ error }, "the agent's server failed"));
			resolve(server);
		});
	});
}

async function closeAll(servers: readonly Server[]): Promise<void> {
	await Promise.all(
		servers.map(
			(server) =>
				new Promise<void>((resolve) => {
					server.close(() => resolve());
					server.closeAllConnections();
				}),
		),
	);
}
