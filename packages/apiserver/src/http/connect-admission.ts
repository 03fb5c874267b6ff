/** CONNECT: what streams into a pod, or passes a proxy, goes by admission first. Nothing is stored, so nothing is changed. */
import { type AnyKind, type KubeObject, Node, Pod, Service } from "@berth/api";
import type { Admission, AdmissionRequest } from "../admission/admission.ts";
import type { ResourceInfo } from "../registry/request.ts";
import type { Context } from "./context.ts";
import { isTrue } from "./request-info.ts";
import { warn } from "./respond.ts";

const KINDS: Readonly<Record<string, AnyKind>> = { pods: Pod, services: Service, nodes: Node };

const NO_METADATA: KubeObject["metadata"] = Object.freeze({
	name: "",
	uid: "",
	resourceVersion: "",
	creationTimestamp: "",
});

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
	const shown = { ...options, apiVersion: "v1" };
	const asked: AdmissionRequest = {
		operation: "CONNECT",
		kind,
		subresource,
		namespace,
		name,
		user,
		dryRun: false,
		// Plugins find the metadata that every object has; those outside see what the API knows of options.
		object: { kind: String(options.kind), apiVersion: "v1", metadata: NO_METADATA },
		outside: {
			kind: { group: "", version: "v1", kind: String(options.kind) },
			view: () => shown as unknown as KubeObject,
			// Nothing is stored, so changes come to nothing.
			complete: () => ({ kind: String(options.kind), apiVersion: "v1", metadata: NO_METADATA }),
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
