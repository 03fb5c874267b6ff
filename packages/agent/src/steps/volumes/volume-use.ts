/** What a pod's containers make of its volumes. Pure. */
import type { Pod } from "@berth/api";

const containersOf = ({ spec }: Pod) => [
	...spec.containers,
	...(spec.initContainers ?? []),
	...(spec.ephemeralContainers ?? []),
];

/** Names of the volumes that containers of the pod use; nobody needs the others. */
export function volumesInUse(pod: Pod): ReadonlySet<string> {
	return new Set(
		containersOf(pod).flatMap(({ volumeMounts = [], volumeDevices = [], env = [] }) => [
			...volumeMounts.map(({ name }) => name),
			...volumeDevices.map(({ name }) => name),
			...env.flatMap(({ valueFrom }) => valueFrom?.fileKeyRef?.volumeName ?? []),
		]),
	);
}

/** The field that keeps containers from using the volume in the mode that it has; undefined when nothing does. */
export function wrongUse(
	pod: Pod,
	volume: string,
	mode: string,
): "volumeMounts" | "volumeDevices" | undefined {
	const field = mode === "Block" ? "volumeMounts" : "volumeDevices";
	return containersOf(pod).some((container) => container[field]?.some(({ name }) => name === volume))
		? field
		: undefined;
}
