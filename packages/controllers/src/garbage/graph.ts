/**
 * Who owns whom, by uid, kept from what the informers show. Pure bookkeeping: it decides nothing. Mutated only by the
 * controller that made it, as changes arrive.
 */
import { type AnyKind, type KubeObject, keyOf } from "@berth/api";

export interface GraphNode {
	readonly kind: AnyKind;
	readonly object: KubeObject;
}

/** Name of a node in the queue: kind and key, free of the separators that keys use. */
export const nodeId = (kind: AnyKind, object: KubeObject): string =>
	`${kind.apiVersion} ${kind.kind} ${keyOf(object)}`;

export class OwnerGraph {
	readonly #nodes = new Map<string, GraphNode>();
	/** Owner's uid to the ids of its dependents. */
	readonly #dependents = new Map<string, Set<string>>();

	get(id: string): GraphNode | undefined {
		return this.#nodes.get(id);
	}

	put(node: GraphNode): void {
		const id = nodeId(node.kind, node.object);
		this.remove(node);
		this.#nodes.set(id, node);
		for (const { uid } of node.object.metadata.ownerReferences ?? []) {
			const dependents = this.#dependents.get(uid);
			if (dependents) dependents.add(id);
			else this.#dependents.set(uid, new Set([id]));
		}
	}

	remove(node: GraphNode): void {
		const id = nodeId(node.kind, node.object);
		const known = this.#nodes.get(id);
		if (!known) return;
		this.#nodes.delete(id);
		for (const { uid } of known.object.metadata.ownerReferences ?? []) {
			const dependents = this.#dependents.get(uid);
			dependents?.delete(id);
			if (dependents?.size === 0) this.#dependents.delete(uid);
		}
	}

	dependentsOf(uid: string): readonly GraphNode[] {
		return [...(this.#dependents.get(uid) ?? [])].flatMap((id) => this.#nodes.get(id) ?? []);
	}
}
