/** What Kubernetes fills in for nodes. */
import { change, fillAbsent } from "../fill.ts";
import type { Node, NodeSpec } from "./node.ts";

export function defaultNode(node: Node): Node {
	const whole = change(node, "spec", mirrorPodRange);
	// A node that says only what it has offers all of it.
	return change(whole, "status", (status) =>
		status.capacity ? fillAbsent(status, { allocatable: status.capacity }) : status,
	);
}

/** The single range and the list of ranges say the same; the list leads. */
function mirrorPodRange(spec: NodeSpec): NodeSpec {
	const first = spec.podCIDRs?.[0];
	if (first !== undefined) return spec.podCIDR === first ? spec : { ...spec, podCIDR: first };
	return spec.podCIDR ? { ...spec, podCIDRs: [spec.podCIDR] } : spec;
}
