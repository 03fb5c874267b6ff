/** Validation of CSI drivers and of what nodes have of them. */
import { deepEqual } from "../../machinery/deep.ts";
import {
	duplicate,
	type FieldError,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import { qualifiedNameErrors } from "../../machinery/names.ts";
import { duplicates, invalids, nonNegative } from "../field-checks.ts";
import type { CSIDriver, CSITokenRequest } from "./csi-driver.ts";
import type { CSINode, CSINodeDriver } from "./csi-node.ts";
import { driverNameErrors } from "./storage-validation.ts";

const MODES = ["Ephemeral", "Persistent"];
const SHORTEST_TOKEN = 600;
const SHORTEST_PERIOD = 10;
const MAX_NODE_ID = 192;
const IMMUTABLE = "field is immutable";

export function validateCSIDriver({ metadata, spec }: CSIDriver): FieldError[] {
	const { volumeLifecycleModes = [], tokenRequests = [], nodeAllocatableUpdatePeriodSeconds: period } = spec;
	return [
		...driverNameErrors("metadata.name", metadata.name),
		...volumeLifecycleModes.flatMap((mode, index) =>
			MODES.includes(mode) ? [] : [notSupported(`spec.volumeLifecycleModes[${index}]`, mode, MODES)],
		),
		...tokenRequests.flatMap((request, index) =>
			tokenErrors(request, tokenRequests, index, `spec.tokenRequests[${index}]`),
		),
		...(typeof period === "number" && period < SHORTEST_PERIOD
			? [
					invalidValue(
						"spec.nodeAllocatableUpdatePeriodSeconds",
						period,
						"must be greater than or equal to 10 seconds",
					),
				]
			: []),
	];
}

export const validateCSIDriverUpdate = ({ spec }: CSIDriver, old: CSIDriver): FieldError[] => [
	...(spec.attachRequired === old.spec.attachRequired
		? []
		: [invalidValue("spec.attachRequired", spec.attachRequired, IMMUTABLE)]),
	...(deepEqual(spec.volumeLifecycleModes ?? [], old.spec.volumeLifecycleModes ?? [])
		? []
		: [invalidValue("spec.volumeLifecycleModes", spec.volumeLifecycleModes, IMMUTABLE)]),
];

function tokenErrors(
	{ audience, expirationSeconds: seconds }: CSITokenRequest,
	all: readonly CSITokenRequest[],
	index: number,
	path: string,
): FieldError[] {
	const field = `${path}.expirationSeconds`;
	return [
		...(all.findIndex((other) => other.audience === audience) < index
			? [duplicate(`${path}.audience`, audience)]
			: []),
		...(typeof seconds === "number" && seconds < SHORTEST_TOKEN
			? [invalidValue(field, seconds, "may not specify a duration less than 10 minutes")]
			: []),
		...(typeof seconds === "number" && seconds > 2 ** 32
			? [invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds")]
			: []),
	];
}

export function validateCSINode({ spec }: CSINode): FieldError[] {
	const drivers = spec.drivers ?? [];
	return [
		...drivers.flatMap((driver, index) => nodeDriverErrors(driver, `spec.drivers[${index}]`)),
		...duplicates(
			drivers.map(({ name }) => name),
			(index) => `spec.drivers[${index}].name`,
		),
	];
}

/** A driver comes and goes; while it is there it stays as it is. */
export const validateCSINodeUpdate = ({ spec }: CSINode, old: CSINode): FieldError[] =>
	(spec.drivers ?? []).flatMap((driver, index) => {
		const before = (old.spec.drivers ?? []).find(({ name }) => name === driver.name);
		const { allocatable: _next, ...next } = driver;
		const { allocatable: _before, ...last } = before ?? driver;
		return deepEqual(next, last) ? [] : [invalidValue(`spec.drivers[${index}]`, driver, IMMUTABLE)];
	});

function nodeDriverErrors(driver: CSINodeDriver, path: string): FieldError[] {
	const { name, nodeID = "", topologyKeys = [], allocatable } = driver;
	return [
		...driverNameErrors(`${path}.name`, name),
		...(nodeID ? [] : [required(`${path}.nodeID`)]),
		...(nodeID.length > MAX_NODE_ID
			? [invalidValue(`${path}.nodeID`, nodeID, `must be ${MAX_NODE_ID} characters or less`)]
			: []),
		...nonNegative(`${path}.allocatable.count`, allocatable?.count),
		...topologyKeys.flatMap((key) =>
			key
				? invalids(`${path}.topologyKeys`, key, qualifiedNameErrors(key))
				: [required(`${path}.topologyKeys`)],
		),
		...duplicates(topologyKeys, () => `${path}.topologyKeys`),
	];
}
