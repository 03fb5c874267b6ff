/** What Prometheus reads under /metrics, under the names that dashboards for Kubernetes know. */
import { createMetrics } from "@berth/daemon";
import { Counter, Gauge, Histogram } from "prom-client";
import type { Registry } from "../registry/request.ts";
import type { Middleware } from "./context.ts";
import { isLongRunning } from "./long-running.ts";
import type { RequestInfo } from "./request-info.ts";
import { subresourcesOf } from "./subresources.ts";

export interface Metrics {
	/** Counts and times every request behind it. */
	readonly measure: Middleware;
	/** The text of /metrics, with its content type. */
	render(): Promise<{ readonly type: string; readonly text: string }>;
	close(): void;
}

export function requestMetrics(resources: Registry): Metrics {
	const registry = createMetrics();
	const registers = [registry];
	const labels = ["verb", "group", "version", "resource", "subresource", "scope"] as const;
	const total = new Counter({
		name: "apiserver_request_total",
		help: "Requests by verb, resource and HTTP code.",
		labelNames: [...labels, "code"],
		registers,
	});
	const duration = new Histogram({
		name: "apiserver_request_duration_seconds",
		help: "Time to the end of the answer; long-running requests are not counted.",
		labelNames: labels,
		buckets: [0.001, 0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 8, 15, 30, 60],
		registers,
	});
	const inflight = new Gauge({
		name: "apiserver_current_inflight_requests",
		help: "Requests being worked on, by kind.",
		labelNames: ["request_kind"],
		registers,
	});
	const longRunning = new Gauge({
		name: "apiserver_longrunning_requests",
		help: "Watches, logs and tunnels that are open.",
		labelNames: labels,
		registers,
	});

	return {
		measure: async (ctx, next) => {
			const what = labelsOf(ctx.state.request, resources);
			const long = isLongRunning(ctx.state.request);
			const kind = { request_kind: what.verb === "GET" || what.verb === "LIST" ? "readOnly" : "mutating" };
			const stop = long ? undefined : duration.startTimer(what);
			if (long) longRunning.inc(what);
			else inflight.inc(kind);
			try {
				await next();
			} finally {
				if (long) longRunning.dec(what);
				else inflight.dec(kind);
				stop?.();
				total.inc({ ...what, code: String(ctx.status) });
			}
		},
		render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
		close: () => registry.clear(),
	};
}

/** Names that clients make up must not become series without end: paths and unknown resources share theirs. */
function labelsOf(request: RequestInfo, resources: Registry) {
	const none = { group: "", version: "", resource: "", subresource: "", scope: "" };
	if (request.type === "path")
		return { ...none, verb: METHODS.has(request.verb) ? request.verb.toUpperCase() : "" };
	const { verb, group, version, resource, subresource, namespace, name } = request.info;
	const kind = resources.kind(group, version, resource);
	const known =
		subresource === undefined || (kind && subresourcesOf(kind).some((entry) => entry.name === subresource));
	if (!kind || !known) return { ...none, verb: verb.toUpperCase() };
	const scope = name !== undefined ? "resource" : namespace !== undefined ? "namespace" : "cluster";
	return { verb: verb.toUpperCase(), group, version, resource, subresource: subresource ?? "", scope };
}

const METHODS = new Set(["get", "head", "post", "put", "patch", "delete", "options"]);
