/** Gives each node its range of pod addresses, once. */
import { isConflict, isNotFound, Node } from "@berth/api";
import { type Controller, type ControllerEnvironment, ownWritesSeen, updated, watch } from "@berth/reconcile";
import { ranges } from "./ranges.ts";

export const createNodeIpamController =
	(options: { readonly podCidr: string; readonly nodePrefix: number }) =>
	(environment: ControllerEnvironment): Controller => {
		const { client, informers, events, clock } = environment;
		const nodes = informers.of(Node);
		const pool = ranges(options.podCidr, options.nodePrefix);

		async function reconcile(name: string, signal: AbortSignal) {
			const node = nodes.get(name);
			if (!node || node.spec.podCIDR || node.metadata.deletionTimestamp) return undefined;
			const taken = new Set(nodes.list().flatMap((other) => other.spec.podCIDRs ?? []));
			const range = pool.next(taken);
			if (!range) {
				events.warning(node, "CIDRNotAvailable", `Node ${name} status is now: CIDRNotAvailable`);
				// A node that goes away brings us back through its deletion.
				return undefined;
			}
			try {
				const spec = { ...node.spec, podCIDR: range, podCIDRs: [range] };
				const written = await client.update(Node, { ...node, spec });
				const seen = new Map([[name, updated(written)]]);
				await ownWritesSeen({ informer: nodes, written: seen, clock, signal });
			} catch (error) {
				if (isNotFound(error)) return undefined;
				if (isConflict(error)) return { requeueAfter: 10 };
				throw error;
			}
			return undefined;
		}

		return {
			name: "node-ipam",
			// One at a time: two nodes must not be given the same range.
			workers: 1,
			sources: [
				watch(nodes, ({ type, object }) =>
					type === "deleted"
						? nodes
								.list()
								.filter((node) => !node.spec.podCIDR)
								.map((node) => node.metadata.name)
						: [object.metadata.name],
				),
			],
			reconcile,
		};
	};
