/** The part of a pod that an event is about, as kubectl and dashboards look for it. Pure. */
import type { Pod } from "@berth/api";

/** `spec.containers{web}`; undefined for what is no container of the pod. */
export function fieldPathOf({ spec }: Pod, container: string): string | undefined {
	const has = (list: readonly { readonly name: string }[] | undefined) =>
		list?.some(({ name }) => name === container) ?? false;
	if (has(spec.containers)) return `spec.containers{${container}}`;
	if (has(spec.initContainers)) return `spec.initContainers{${container}}`;
	return has(spec.ephemeralContainers) ? `spec.ephemeralContainers{${container}}` : undefined;
}
