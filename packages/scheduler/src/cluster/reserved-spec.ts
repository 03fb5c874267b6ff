/** What is set aside for a pod while it is resized in place: of what it asks, was given and has, the most. Pure. */
import { type Container, type ContainerStatus, compareQuantities, type Pod, type PodSpec } from "@berth/api";

type Quantities = Readonly<Record<string, string>>;

/** The spec itself, unless a container holds more than it says. */
export function reservedSpec({ spec, status }: Pod): PodSpec {
	const statuses = status?.containerStatuses;
	if (!statuses) return spec;
	// What cannot be granted is not set aside: the pod keeps what it was given.
	const isInfeasible = status.conditions?.some(
		({ type, status: holds, reason }) =>
			type === "PodResizePending" && holds === "True" && reason === "Infeasible",
	);
	let isChanged = false;
	const containers = spec.containers.map((container) => {
		const held = statuses.find(({ name }) => name === container.name);
		const requests = held && reserved(container, held, isInfeasible === true);
		if (!requests || requests === container.resources?.requests) return container;
		isChanged = true;
		return { ...container, resources: { ...container.resources, requests } };
	});
	return isChanged ? { ...spec, containers } : spec;
}

function reserved(
	{ resources }: Container,
	{ allocatedResources, resources: actual }: ContainerStatus,
	isInfeasible: boolean,
): Quantities | undefined {
	const wanted = resources?.requests;
	const given = most(allocatedResources, actual?.requests);
	return isInfeasible && given ? given : most(wanted, given);
}

/** `a` itself when nothing of `b` is more; what both name alone counts, as a resource cannot be added by resizing. */
function most(a: Quantities | undefined, b: Quantities | undefined): Quantities | undefined {
	if (!a || !b) return a ?? b;
	const larger = Object.entries(b).filter(([name, amount]) => compareQuantities(amount, a[name] ?? "0") > 0);
	return larger.length > 0 ? { ...a, ...Object.fromEntries(larger) } : a;
}
