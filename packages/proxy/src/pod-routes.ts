/**
 * Routes to the pods of other nodes: each node's range by way of its address. Nodes need them, and so does a machine that
 * only runs the API server, which dials pods for webhooks, extension servers and the proxy subresource.
 */
import { isIP, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { deepEqual, type Logger, type Node } from "@berth/api";
import type { Informer } from "@berth/client";
import { type Run, run as runOnHost } from "./host/run.ts";

export interface Route {
	readonly range: string;
	readonly via: string;
}

/** Marks our routes in the kernel's table, so that stale ones are found: a number nobody else uses for routes. */
const PROTOCOL = "107";

/** What a machine with these addresses of its `own` has to know of the nodes. Pure. */
export function routesOf(nodes: readonly Node[], own: ReadonlySet<string>): readonly Route[] {
	return nodes.flatMap((node) => {
		const ranges = node.spec.podCIDRs ?? (node.spec.podCIDR ? [node.spec.podCIDR] : []);
		return ranges.flatMap((range) => {
			const via = addressOf(node, range.includes(":") ? 6 : 4);
			return via && !own.has(via) ? [{ range, via }] : [];
		});
	});
}

const addressOf = ({ status }: Node, family: 4 | 6): string | undefined =>
	status?.addresses?.find(({ type, address }) => type === "InternalIP" && isIP(address) === family)?.address;

export interface PodRoutesOptions {
	readonly nodes: Pick<Informer<Node>, "list" | "subscribe" | "synced">;
	readonly log: Logger;
	/** Default: the host's programs. */
	readonly run?: Run;
}

/** Keeps the kernel's routes as the nodes are, until the signal aborts. They stay then: pods run on. */
export async function keepPodRoutes(
	{ nodes, log, run = runOnHost }: PodRoutesOptions,
	signal: AbortSignal,
): Promise<void> {
	let changed = Promise.withResolvers<void>();
	const wake = () => changed.resolve();
	const unsubscribe = nodes.subscribe(wake);
	signal.addEventListener("abort", wake, { once: true });
	// Unknown at first: an earlier process may have left routes that lead nowhere now.
	let set: ReadonlyMap<string, string> | undefined;
	try {
		while (!signal.aborted) {
			changed = Promise.withResolvers<void>();
			const wanted = new Map(routesOf(nodes.list(), ownAddresses()).map(({ range, via }) => [range, via]));
			if (nodes.synced && !(set && deepEqual([...wanted], [...set]))) set = await bring(wanted, { log, run });
			await changed.promise;
		}
	} finally {
		unsubscribe();
		signal.removeEventListener("abort", wake);
	}
}

const ownAddresses = () =>
	new Set(
		Object.values(networkInterfaces()).flatMap((entries = []) => entries.map(({ address }) => address)),
	);

/** Answers with the routes that are in place. */
async function bring(
	wanted: ReadonlyMap<string, string>,
	{ log, run }: { readonly log: Logger; readonly run: Run },
): Promise<Map<string, string>> {
	const placed = new Map<string, string>();
	for (const range of await ours(run)) {
		if (!wanted.has(range)) await run("ip", [family(range), "route", "del", range, "proto", PROTOCOL]);
	}
	for (const [range, via] of wanted) {
		const { code, stderr } = await run("ip", [
			family(range),
			"route",
			"replace",
			range,
			"via",
			via,
			"proto",
			PROTOCOL,
		]);
		if (code === 0) placed.set(range, via);
		else
			log.warn(
				{ range, via, reason: stderr },
				"no route to the pods of another node: is it on this network?",
			);
	}
	return placed;
}

async function ours(run: Run): Promise<readonly string[]> {
	const tables = await Promise.all(
		["-4", "-6"].map((version) => run("ip", [version, "-j", "route", "show", "proto", PROTOCOL])),
	);
	return tables.flatMap(({ code, stdout }) =>
		code === 0 && stdout.trim() ? (JSON.parse(stdout) as { dst: string }[]).map(({ dst }) => dst) : [],
	);
}

const family = (range: string) => (isIPv6(range.replace(/\/.*/, "")) ? "-6" : "-4");
