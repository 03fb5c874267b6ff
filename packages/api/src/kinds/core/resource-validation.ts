/** Validation of requests and limits. */
import {
	type FieldError,
	fieldNotFound,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import { qualifiedNameErrors } from "../../machinery/names.ts";
import { canonicalQuantity, compareQuantities, parseQuantity } from "../../machinery/quantity.ts";
import { duplicates, invalids } from "../field-checks.ts";
import type { ContainerResourceClaim, ResourceRequirements } from "./container.ts";
import { aggregateResources, isPodLevelResource } from "./pod-resources.ts";
import type { PodSpec } from "./pod-spec.ts";
import {
	CONTAINER_RESOURCES,
	isHugePages,
	isNative,
	mayExceedNode,
	STANDARD_RESOURCES,
} from "./quota-resources.ts";

type Quantities = Readonly<Record<string, string>>;

/** Requirements of a container; `claims` are the names of the pod's resource claims. */
export function validateResources(
	resources: ResourceRequirements,
	claims: ReadonlySet<string>,
	path: string,
): FieldError[] {
	const limits = resources.limits ?? {};
	const requests = resources.requests ?? {};
	const names = [...Object.keys(limits), ...Object.keys(requests)];
	return [
		...quantityErrors(limits, `${path}.limits`),
		...Object.entries(requests).flatMap(([name, amount]) => [
			...quantityErrors({ [name]: amount }, `${path}.requests`),
			...requestErrors({ name, amount, limits, path }),
		]),
		...(names.some(isHugePages) && !names.some((name) => name === "cpu" || name === "memory")
			? [forbiddenField(path, "HugePages require cpu or memory")]
			: []),
		...claimErrors(resources.claims ?? [], claims, `${path}.claims`),
	];
}

/** Amounts of whatever a node says it has: `pods` among them, which no container can ask for. */
export const nodeQuantityErrors = (quantities: Quantities, path: string): FieldError[] =>
	Object.entries(quantities).flatMap(([name, amount]) => amountErrors(name, amount, `${path}[${name}]`));

/** Amounts of anything that a container may have. */
const quantityErrors = (quantities: Quantities, path: string): FieldError[] =>
	Object.entries(quantities).flatMap(([name, amount]) => [
		...containerResourceNameErrors(`${path}[${name}]`, name),
		...amountErrors(name, amount, `${path}[${name}]`),
	]);

/** `what the pod adds on top` is written like limits. */
export const validateOverhead = (overhead: Quantities, path: string): FieldError[] =>
	validateResources({ limits: overhead }, new Set(), path);

/** Pod-level requirements against what the containers ask for. */
export function validatePodResources(spec: PodSpec, path: string): FieldError[] {
	if (!spec.resources) return [];
	const { limits = {}, requests = {}, claims = [] } = spec.resources;
	const wanted = aggregateResources(spec, (container) => container.resources?.requests);
	return [
		...(claims.length > 0
			? [forbiddenField(`${path}.claims`, "claims may not be set for Resources at pod-level")]
			: []),
		...[
			...Object.keys(limits).map((name) => ["limits", name]),
			...Object.keys(requests).map((name) => ["requests", name]),
		].flatMap(([list = "", name = ""]) =>
			isPodLevelResource(name)
				? amountErrors(name, (list === "limits" ? limits : requests)[name] ?? "0", `${path}.${list}[${name}]`)
				: [notSupported(`${path}.${list}[${name}]`, name, POD_LEVEL)],
		),
		...Object.entries(requests).flatMap(([name, amount]) => {
			if (!isPodLevelResource(name)) return [];
			const sum = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
			return sum !== undefined && compareQuantities(sum, amount) > 0
				? [
						invalidValue(
							`${path}.requests[${name}]`,
							canonicalQuantity(amount),
							`must be greater than or equal to aggregate container requests of ${sum}`,
						),
					]
				: requestErrors({ name, amount, limits, path });
		}),
	];
}

const POD_LEVEL = ["cpu", "hugepages-", "memory"];

interface Request {
	readonly name: string;
	readonly amount: string;
	readonly limits: Quantities;
	readonly path: string;
}

function requestErrors({ name, amount, limits, path }: Request): FieldError[] {
	const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
	if (limit === undefined)
		return mayExceedNode(name)
			? []
			: [required(`${path}.limits`, "Limit must be set for non overcommitable resources")];
	const order = compareQuantities(amount, limit);
	const refused = (relation: string) => [
		invalidValue(
			`${path}.requests`,
			canonicalQuantity(amount),
			`must be ${relation} to ${name} limit of ${canonicalQuantity(limit)}`,
		),
	];
	if (order !== 0 && !mayExceedNode(name)) return refused("equal");
	return order > 0 ? refused("less than or equal") : [];
}

const isExtended = (name: string) => !isNative(name) && !name.startsWith("requests.");

function containerResourceNameErrors(field: string, name: string): FieldError[] {
	const malformed = invalids(field, name, qualifiedNameErrors(name));
	if (name.includes("/"))
		return isNative(name) || isExtended(name)
			? malformed
			: [...malformed, invalidValue(field, name, "doesn't follow extended resource name standard")];
	if (CONTAINER_RESOURCES.includes(name) || isHugePages(name)) return malformed;
	const unknown = malformed.length === 0 && !STANDARD_RESOURCES.includes(name);
	return [
		...malformed,
		...(unknown ? [invalidValue(field, name, "must be a standard resource type or fully qualified")] : []),
		invalidValue(field, name, "must be a standard resource for containers"),
	];
}

function amountErrors(name: string, amount: string, field: string): FieldError[] {
	const nano = parseQuantity(amount);
	const size = isHugePages(name) ? pageSize(name) : undefined;
	return [
		...(nano < 0n
			? [invalidValue(field, canonicalQuantity(amount), "must be greater than or equal to 0")]
			: []),
		...(isExtended(name) && nano % NANO !== 0n
			? [invalidValue(field, canonicalQuantity(amount), "must be an integer")]
			: []),
		...(isHugePages(name) && (size === undefined || size <= 0n || nano < 0n || nano % size !== 0n)
			? [
					invalidValue(
						field,
						canonicalQuantity(amount),
						`${canonicalQuantity(amount)} is not positive integer multiple of ${name}`,
					),
				]
			: []),
	];
}

const NANO = 1_000_000_000n;

function pageSize(name: string): bigint | undefined {
	try {
		return parseQuantity(name.slice("hugepages-".length));
	} catch {
		return undefined;
	}
}

function claimErrors(
	claims: readonly ContainerResourceClaim[],
	known: ReadonlySet<string>,
	path: string,
): FieldError[] {
	const which = known.size === 0 ? " which is empty" : `: ${[...known].sort().join(", ")}`;
	const names = claims.map(({ name }) => name);
	return [
		...duplicates(names, (index) => `${path}[${index}]`),
		...names.flatMap((name, index) => {
			if (!name) return [required(`${path}[${index}]`)];
			if (known.has(name)) return [];
			const error = fieldNotFound(`${path}[${index}]`, name);
			return [
				{
					...error,
					message: `${error.message}: must be one of the names in pod.spec.resourceClaims${which}`,
				},
			];
		}),
	];
}
