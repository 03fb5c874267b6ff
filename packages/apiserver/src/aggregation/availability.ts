/** Whether an APIService can be asked: the parts that are decided from objects. Pure. Reasons are kube-aggregator's. */
import {
	type APIService,
	type APIServiceCondition,
	type Endpoints,
	formatTime,
	type Service,
} from "@berth/api";

export interface Availability {
	readonly status: "True" | "False";
	readonly reason: string;
	readonly message: string;
}

export const LOCAL: Availability = {
	status: "True",
	reason: "Local",
	message: "Local APIServices are always available",
};
export const PASSED: Availability = { status: "True", reason: "Passed", message: "all checks passed" };

export const unavailable = (reason: string, message: string): Availability => ({
	status: "False",
	reason,
	message,
});

/** What is wrong with the service in the way, if anything. */
export function serviceProblem(
	{ spec }: APIService,
	service: Service | undefined,
	endpoints: Endpoints | undefined,
): Availability | undefined {
	const { namespace = "", name = "", port = 443 } = spec.service ?? {};
	const place = `service/${name} in ${JSON.stringify(namespace)}`;
	if (!service) return unavailable("ServiceNotFound", `${place} is not present`);
	if (service.spec?.type === "ExternalName") return undefined;
	const found = service.spec?.ports?.find((entry) => entry.port === port);
	if (!found) return unavailable("ServicePortError", `${place} is not listening on port ${port}`);
	if (!endpoints) return unavailable("EndpointsNotFound", `cannot find endpointslices for ${place}`);
	const portName = found.name ?? "";
	const ready = (endpoints.subsets ?? []).some(
		(subset) => subset.addresses?.length && subset.ports?.some((entry) => (entry.name ?? "") === portName),
	);
	if (ready) return undefined;
	return unavailable(
		"MissingEndpoints",
		`endpointslices for ${place} have no addresses with port name ${JSON.stringify(portName)}`,
	);
}

/** The object with its condition; undefined when it says so already. */
export function withAvailability(
	service: APIService,
	found: Availability,
	now: number,
): APIService | undefined {
	const conditions = service.status?.conditions ?? [];
	const before = conditions.find(({ type }) => type === "Available");
	if (
		before &&
		before.status === found.status &&
		before.reason === found.reason &&
		before.message === found.message
	) {
		return undefined;
	}
	const lastTransitionTime =
		before?.status === found.status && before.lastTransitionTime
			? before.lastTransitionTime
			: formatTime(now);
	const condition: APIServiceCondition = { type: "Available", ...found, lastTransitionTime };
	const others = conditions.filter(({ type }) => type !== "Available");
	return { ...service, status: { ...service.status, conditions: [...others, condition] } };
}

export const isAvailable = ({ status }: APIService): boolean =>
	status?.conditions?.some((condition) => condition.type === "Available" && condition.status === "True") ??
	false;
