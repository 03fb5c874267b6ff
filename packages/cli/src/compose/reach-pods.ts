/** The way from an API server to pods: webhooks, extension servers and the proxy subresource are dialed at pods' addresses. */
import process from "node:process";
import { type Logger, Node, systemClock } from "@berth/api";
import type { ApiServer } from "@berth/apiserver";
import { createClient, createInformers } from "@berth/client";
import { API_SERVER } from "./identities.ts";
import { runTogether } from "./run-together.ts";

/**
 * Keeps this machine's routes to the pods of all nodes until the signal aborts. On a machine that is a node too, its node
 * process keeps the same routes. Without the right to set routes it only says so: some networks lead to pods by themselves.
 */
export async function reachPods(server: ApiServer, log: Logger, signal: AbortSignal): Promise<void> {
	if (process.getuid?.() !== 0) {
		log.info({}, "not root: webhooks in pods are reached only where this machine's network leads to pods");
		return;
	}
	const { keepPodRoutes } = await import("@berth/proxy");
	const client = createClient(server.transport(API_SERVER), { fieldManager: "berth-apiserver" });
	const informers = createInformers({ client, clock: systemClock, log });
	const nodes = informers.of(Node);
	try {
		await runTogether(
			[(stop) => informers.start(stop), (stop) => keepPodRoutes({ nodes, log }, stop)],
			signal,
		);
	} catch (error) {
		log.warn({ error }, "this machine's routes to pods are not kept");
	}
}
