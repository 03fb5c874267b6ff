/** CONNECT: what streams into a pod, or passes a proxy, goes by admission first. Nothing is stored, so nothing is changed. */
import { type AnyKind, Node, Pod, Service } from "@berth/api";
import type { Admission, AdmissionRequest } from "../admission/admission.ts";
import type { ResourceInfo } from "../registry/request.ts";
import type { Context } from "./context.ts";
import { isTrue } from "./request-info.ts";
import { warn } from "./respond.ts";

const KINDS: Readonly<Record<string, AnyKind>> = { pods: Pod, services: Service, nodes: Node };

/** By subresource: the kind of its options, and what of the query belongs to them. */
const OPTIONS: Readonly<Record<string, (info: ResourceInfo, query: URLSearchParams) => object>> = {
	exec: (_info, query) => ({
		kind: "PodExecOptions",
		...streams(query),
		command: query.getAll("command"),
	}),
	attach: (_info, query) => ({ kind: "PodAttachOptions", ...streams(query) }),
	portforward: (_info, query) => {
		const ports = query.getAll("ports").flatMap((text) => text.split(",").map(Number));
		return { kind: "PodPortForwardOptions", ...(ports.length ? { ports } : {}) };
	},
	proxy: ({ resource, rest }, query) => {
		const path = rest ?? query.get("path");
		return { kind: `${KINDS[resource]?.kind}ProxyOptions`, ...(path ? { path: `/${path}` } : {}) };
	},
};

/** Throws StatusErrors when a plugin, a webhook or a policy refuses. */
export async function admitConnect(ctx: Context, admission: Admission): Promise<void> {
	const { request, user, signal } = ctx.state;
	if (request.type !== "resource") return;
	const { resource, subresource = "", namespace, name = "" } = request.info;
	const kind = KINDS[resource];
	const options = OPTIONS[subresource]?.(request.info, request.query);
	if (!kind || !options || !("kind" in options)) return;
	const object = { ...options, apiVersion: "v1" } as unknown as AdmissionRequest["object"];
	const asked: AdmissionRequest = {
		operation: "CONNECT",
		kind,
		subresource,
		namespace,
		name,
		user,
		dryRun: false,
		object,
		outside: {
			kind: { group: "", version: "v1", kind: String(options.kind) },
			view: (shown) => shown,
			complete: (view) => view as NonNullable<AdmissionRequest["object"]>,
		},
		warn: (text) => warn(ctx, text),
		signal,
	};
	await admission.admit(asked);
	await admission.validate(asked);
}

function streams(query: URLSearchParams): object {
	const wanted = ["stdin", "stdout", "stderr", "tty"].filter((name) => isTrue(query.get(name)));
	const container = query.get("container");
	return { ...Object.fromEntries(wanted.map((name) => [name, true])), ...(container ? { container } : {}) };
}
