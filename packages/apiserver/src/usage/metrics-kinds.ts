/** metrics.k8s.io, served by the API server itself. */
import { type KubeObject, Node, NodeMetrics, Pod, PodMetrics } from "@berth/api";
import type { ComputedKind } from "../registry/computed.ts";
import type { Objects } from "../store/objects.ts";
import type { NodeSummary, Usage, UsageCollector } from "./collector.ts";

export function metricsKinds(objects: Objects, collector: UsageCollector): readonly ComputedKind[] {
	const nodes = objects.of<Node>(Node);
	const pods = objects.of<Pod>(Pod);

	async function nodeMetrics(name: string | undefined): Promise<readonly NodeMetrics[]> {
		const summaries = name === undefined ? await collector.all() : await single(name);
		return [...summaries].flatMap(([node, summary]) => {
			const object = nodes.get(node)?.object;
			const measured = measuredOf(summary.node);
			return object && measured
				? [{ ...headOf(NodeMetrics, object), ...spanOf(summary.node), usage: measured }]
				: [];
		});
	}

	async function single(name: string): Promise<ReadonlyMap<string, NodeSummary>> {
		const summary = await collector.of(name);
		return new Map(summary ? [[name, summary]] : []);
	}

	/** Only the pod's own node is asked for one pod. */
	async function podMetrics(
		namespace: string | undefined,
		name: string | undefined,
	): Promise<readonly PodMetrics[]> {
		const pod =
			namespace !== undefined && name !== undefined ? pods.get(`${namespace}/${name}`)?.object : undefined;
		if (name !== undefined && namespace !== undefined && !pod?.spec.nodeName) return [];
		const summaries = pod ? await single(pod.spec.nodeName ?? "") : await collector.all();
		return [...summaries.values()].flatMap(({ pods: found = [] }) =>
			found.flatMap(({ podRef, containers = [] }) => {
				const object = pods.get(`${podRef.namespace}/${podRef.name}`)?.object;
				const [first] = containers;
				// A namesake that came later has used nothing of this.
				if (object?.metadata.uid !== podRef.uid || !first) return [];
				const measured = containers.map((container) => ({
					name: container.name,
					usage: measuredOf(container),
				}));
				// Half a pod would tell autoscalers lies.
				if (measured.some(({ usage }) => usage === undefined)) return [];
				const usages = measured.map(({ name, usage }) => ({ name, usage: usage ?? {} }));
				return [{ ...headOf(PodMetrics, object), ...spanOf(first), containers: usages }];
			}),
		);
	}

	return [
		{ kind: NodeMetrics, read: ({ name }) => nodeMetrics(name) },
		{ kind: PodMetrics, read: ({ namespace, name }) => podMetrics(namespace, name) },
	];
}

/** Named, labelled and created like what it is about. */
function headOf(kind: { readonly apiVersion: string; readonly kind: string }, { metadata }: KubeObject) {
	const { name, namespace, labels } = metadata;
	return {
		apiVersion: kind.apiVersion,
		kind: kind.kind,
		metadata: {
			name,
			...(namespace === undefined ? {} : { namespace }),
			...(labels ? { labels } : {}),
			uid: "",
			resourceVersion: "",
			creationTimestamp: metadata.creationTimestamp,
		},
	};
}

function spanOf({ cpu }: Usage) {
	return {
		timestamp: cpu?.time ?? "",
		window: `${(cpu?.usageWindowSeconds ?? 0).toFixed(3).replace(/\.?0+$/, "")}s`,
	};
}

/** Undefined until there are two looks to make a rate of. */
function measuredOf({ cpu, memory }: Usage): Readonly<Record<string, string>> | undefined {
	if (cpu?.usageNanoCores === undefined || memory?.workingSetBytes === undefined) return undefined;
	const kibi = Math.ceil(memory.workingSetBytes / 1024);
	return { cpu: `${Math.round(cpu.usageNanoCores)}n`, memory: `${kibi}Ki` };
}
