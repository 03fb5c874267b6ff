/** What `api.ts` asks of a server: pods of 2 KB in a namespace of their own. */
import { randomUUID } from "node:crypto";
import { agentFor, ask, type Load, requestsPerSecond, type Target } from "./load.ts";

export const PODS = 5_000;
export const CONNECTIONS = 32;
const WRITERS = 8;
const WRITES = 2_000;
const GETS = 10_000;
const LISTS = 15;
const LABELLED = 150;
/** Pods of one label. */
const SHARE = 100;
const PROTOBUF = "application/vnd.kubernetes.protobuf";

export interface Operation {
	readonly what: string;
	readonly run: (target: Target, pods: string) => Promise<number>;
	/** "/s" for rates; milliseconds are those of one request. */
	readonly unit: "/s" | "ms";
}

/** The body of the i-th pod. No scheduler takes it, so that nothing but the load changes it. */
export const pod = (i: number): string =>
	JSON.stringify({
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: `pod-${i}`,
			labels: { app: `app-${i % (PODS / SHARE)}` },
			annotations: { filling: "x".repeat(1500) },
		},
		spec: { schedulerName: "nobody", containers: [{ name: "c", image: "image:1" }] },
	});

const rate = (load: Omit<Load, "target">, target: Target) => requestsPerSecond({ ...load, target });
const milliseconds = async (load: Omit<Load, "target">, target: Target) => 1000 / (await rate(load, target));
const lists = (path: string, headers: Readonly<Record<string, string>> = {}) => ({
	connections: 1,
	count: LISTS,
	each: () => ({ method: "GET", path, headers }),
});
const annotate = (i: number) => `{"metadata":{"annotations":{"turn":"${i}"}}}`;
const applied = (i: number) =>
	`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-${i % PODS}","labels":{"turn":"${i}"}}}`;

/** In this order: the first fills the namespace, the last empties part of it. */
export const CREATE: Operation = {
	what: `create, ${CONNECTIONS} connections`,
	unit: "/s",
	run: (target, pods) =>
		rate(
			{ connections: CONNECTIONS, count: PODS, each: (i) => ({ method: "POST", path: pods, body: pod(i) }) },
			target,
		),
};
export const GET: Operation = {
	what: `get, ${CONNECTIONS} connections`,
	unit: "/s",
	run: (target, pods) =>
		rate(
			{
				connections: CONNECTIONS,
				count: GETS,
				each: (i) => ({ method: "GET", path: `${pods}/pod-${i % PODS}` }),
			},
			target,
		),
};
export const LIST: Operation = {
	what: `list of ${PODS}`,
	unit: "ms",
	run: (target, pods) => milliseconds(lists(pods), target),
};
export const LISTS_OF_OTHER_FORMS: readonly Operation[] = [
	{
		what: `list of ${PODS}, gzip`,
		unit: "ms",
		run: (target, pods) => milliseconds(lists(pods, { "accept-encoding": "gzip" }), target),
	},
	{
		what: `list of ${PODS}, protobuf`,
		unit: "ms",
		run: (target, pods) => milliseconds(lists(pods, { accept: PROTOBUF }), target),
	},
	{
		what: `list of ${SHARE} of ${PODS} by label`,
		unit: "ms",
		run: (target, pods) =>
			milliseconds({ ...lists(`${pods}?labelSelector=app%3Dapp-1`), count: LABELLED }, target),
	},
];
export const WRITES_OF_ONE: readonly Operation[] = [
	{
		what: `merge patch, ${WRITERS} connections`,
		unit: "/s",
		run: (target, pods) =>
			rate(
				{
					connections: WRITERS,
					count: WRITES,
					each: (i) => ({
						method: "PATCH",
						path: `${pods}/pod-${i % PODS}`,
						body: annotate(i),
						contentType: "application/merge-patch+json",
					}),
				},
				target,
			),
	},
	{
		what: `server-side apply, ${WRITERS} connections`,
		unit: "/s",
		run: (target, pods) =>
			rate(
				{
					connections: WRITERS,
					count: WRITES,
					each: (i) => ({
						method: "PATCH",
						path: `${pods}/pod-${i % PODS}?fieldManager=bench`,
						body: applied(i),
						contentType: "application/apply-patch+yaml",
					}),
				},
				target,
			),
	},
];
export const DELETE: Operation = {
	what: `delete, ${CONNECTIONS} connections`,
	unit: "/s",
	run: (target, pods) =>
		rate(
			{
				connections: CONNECTIONS,
				count: WRITES,
				each: (i) => ({ method: "DELETE", path: `${pods}/pod-${i}` }),
			},
			target,
		),
};

/** A namespace for pods alone, ready for them. Answers the path of its pods, and what deletes it. */
export async function makeNamespace(
	target: Target,
): Promise<{ readonly pods: string; remove(): Promise<void> }> {
	const agent = agentFor(target, 1);
	const name = `bench-${randomUUID().slice(0, 8)}`;
	const path = `/api/v1/namespaces/${name}`;
	const create = (at: string, body: object) =>
		ask(target, agent, { method: "POST", path: at, body: JSON.stringify(body) });
	await create("/api/v1/namespaces", { metadata: { name } });
	// Where a controller makes the account, it may have been faster.
	await create(`${path}/serviceaccounts`, { metadata: { name: "default" } }).catch((error: Error) => {
		if (!error.message.includes(": 409 ")) throw error;
	});
	return {
		pods: `${path}/pods`,
		remove: async () => {
			await ask(target, agent, { method: "DELETE", path });
			agent.destroy();
		},
	};
}
