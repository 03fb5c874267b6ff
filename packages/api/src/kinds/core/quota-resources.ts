/** Names of what can be limited: in quotas, limit ranges and by containers. */
import { type FieldError, invalidValue } from "../../machinery/field-error.ts";
import { qualifiedNameErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";

/** Resources of Kubernetes itself: without a domain, or in one of its domains. */
export const isNative = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/");
export const isHugePages = (name: string): boolean => name.startsWith("hugepages-");

/** May be promised more than once; others, and huge pages, may not. */
export const mayExceedNode = (name: string): boolean => isNative(name) && !isHugePages(name);

export const CONTAINER_RESOURCES = ["cpu", "memory", "ephemeral-storage"];

const OBJECT_COUNTS = [
	"pods",
	"services",
	"replicationcontrollers",
	"resourcequotas",
	"secrets",
	"configmaps",
	"persistentvolumeclaims",
	"services.nodeports",
	"services.loadbalancers",
];
const COMPUTE = [
	"cpu",
	"memory",
	"ephemeral-storage",
	"requests.cpu",
	"requests.memory",
	"requests.storage",
	"requests.ephemeral-storage",
	"limits.cpu",
	"limits.memory",
	"limits.ephemeral-storage",
];

/** Everything that has a name without a domain. */
export const STANDARD_RESOURCES: readonly string[] = [...COMPUTE, ...OBJECT_COUNTS, "storage"];

export const isQuotaResource = (name: string): boolean =>
	COMPUTE.includes(name) ||
	OBJECT_COUNTS.includes(name) ||
	isHugePages(name) ||
	name.startsWith("requests.hugepages-");

/** Counted in whole objects, never in parts. */
export const isCounted = (name: string): boolean => OBJECT_COUNTS.includes(name) || isExtended(name);

const isExtended = (name: string) => !isNative(name) && !name.startsWith("requests.");

/** A legal name for a resource; without a domain it must be a known one. */
export function resourceNameErrors(
	field: string,
	name: string,
	isKnown: (name: string) => boolean = (other) => STANDARD_RESOURCES.includes(other) || isHugePages(other),
	unknown = "must be a standard resource type or fully qualified",
): FieldError[] {
	const malformed = invalids(field, name, qualifiedNameErrors(name));
	if (malformed.length > 0 || name.includes("/") || isKnown(name)) return malformed;
	return [invalidValue(field, name, unknown)];
}
