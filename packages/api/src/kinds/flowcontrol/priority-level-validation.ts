/** Validation of priority levels. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import type {
	LimitResponse,
	PriorityLevelConfiguration,
	QueuingConfiguration,
} from "./priority-level-configuration.ts";

const MAX_QUEUES = 10_000_000;

export function validatePriorityLevel({ spec }: PriorityLevelConfiguration): FieldError[] {
	const { type, limited, exempt } = spec;
	if (type === "Exempt") {
		return [
			...(limited ? [forbiddenField("spec.limited", "must be nil if the type is not Limited")] : []),
			...(exempt ? shareErrors(exempt, "spec.exempt") : []),
		];
	}
	if (type !== "Limited") return [];
	return [
		...(exempt ? [forbiddenField("spec.exempt", "must be nil if the type is Limited")] : []),
		...(limited
			? [
					...shareErrors(limited, "spec.limited"),
					...notNegative("spec.limited.borrowingLimitPercent", limited.borrowingLimitPercent),
					...(limited.limitResponse
						? responseErrors(limited.limitResponse, "spec.limited.limitResponse")
						: []),
				]
			: [required("spec.limited", "must not be empty when type is Limited")]),
	];
}

interface Shares {
	readonly nominalConcurrencyShares?: number | undefined | null;
	readonly lendablePercent?: number | undefined | null;
}

const shareErrors = (
	{ nominalConcurrencyShares: shares, lendablePercent: lendable }: Shares,
	path: string,
): FieldError[] => [
	...notNegative(`${path}.nominalConcurrencyShares`, shares),
	...(typeof lendable === "number" && (lendable < 0 || lendable > 100)
		? [invalidValue(`${path}.lendablePercent`, lendable, "must be between 0 and 100, inclusive")]
		: []),
];

const notNegative = (field: string, value: number | undefined | null): FieldError[] =>
	(value ?? 0) < 0 ? [invalidValue(field, value, "must be a non-negative integer")] : [];

function responseErrors({ type, queuing }: LimitResponse, path: string): FieldError[] {
	if (type === "Reject") {
		return queuing
			? [forbiddenField(`${path}.queuing`, "must be nil if limited.limitResponse.type is not Limited")]
			: [];
	}
	if (type !== "Queue") return [];
	if (!queuing)
		return [required(`${path}.queuing`, "must not be empty if limited.limitResponse.type is Limited")];
	return queuingErrors(queuing, `${path}.queuing`);
}

function queuingErrors(
	{ queues = 0, handSize = 0, queueLengthLimit = 0 }: QueuingConfiguration,
	path: string,
): FieldError[] {
	return [
		...positive(`${path}.queueLengthLimit`, queueLengthLimit),
		...positive(`${path}.queues`, queues),
		...(queues > MAX_QUEUES
			? [invalidValue(`${path}.queues`, queues, `must not be greater than ${MAX_QUEUES}`)]
			: []),
		...positive(`${path}.handSize`, handSize),
		...(handSize > queues
			? [invalidValue(`${path}.handSize`, handSize, `should not be greater than queues (${queues})`)]
			: []),
	];
}

const positive = (field: string, value: number): FieldError[] =>
	value > 0 ? [] : [invalidValue(field, value, "must be positive")];
