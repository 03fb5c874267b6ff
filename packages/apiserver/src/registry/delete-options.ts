/** DeleteOptions from the body, or from the query when there is none. */
import {
	badRequest,
	DeleteOptions,
	decodeValue,
	type FieldError,
	invalidValue,
	notSupported,
	StatusError,
} from "@berth/api";
import { parseBody } from "./body.ts";
import { parseBoolean, parseInteger } from "./read-options.ts";
import type { Body, ResourceRequest } from "./request.ts";
import { dryRunErrors, refuseOptions } from "./write-options.ts";

/** As decoded: the closed set of policies is not checked yet. */
type Options = Omit<DeleteOptions, "propagationPolicy"> & { readonly propagationPolicy?: string | undefined };

const KIND = { kind: "DeleteOptions" };
const POLICIES: readonly string[] = ["Foreground", "Background", "Orphan"];

/** Throws 400 for what cannot be read, 422 for what makes no sense. */
export function deleteOptions({ body, query }: Pick<ResourceRequest, "body" | "query">): DeleteOptions {
	const said = body && !isEmpty(body) ? checked(parseBody(KIND, body).value) : fromQuery(query);
	// Whoever asks for a dry run anywhere does not mean a deletion.
	const options = { ...said, dryRun: said.dryRun?.length ? said.dryRun : dryRunOf(query) };
	const errors: FieldError[] = [];
	const { orphanDependents, propagationPolicy, dryRun } = options;
	if (orphanDependents !== undefined && propagationPolicy !== undefined) {
		const detail = "orphanDependents and deletionPropagation cannot be both set";
		errors.push(invalidValue("propagationPolicy", propagationPolicy, detail));
	}
	if (propagationPolicy !== undefined && !POLICIES.includes(propagationPolicy)) {
		errors.push(notSupported("propagationPolicy", propagationPolicy, [...POLICIES, "nil"]));
	}
	errors.push(...dryRunErrors(dryRun ?? []));
	refuseOptions("DeleteOptions", errors);
	return options as DeleteOptions;
}

const isEmpty = (body: Body): boolean =>
	"raw" in body ? body.raw.length === 0 : body.value === undefined || body.value === null;

const dryRunOf = (query: URLSearchParams): string[] => query.getAll("dryRun").filter((value) => value !== "");

function fromQuery(query: URLSearchParams): Options {
	return checked({
		gracePeriodSeconds: parseInteger(query, "gracePeriodSeconds"),
		orphanDependents: parseBoolean(query, "orphanDependents"),
		propagationPolicy: query.get("propagationPolicy") || undefined,
		dryRun: dryRunOf(query),
	});
}

/** Unknown fields are passed over, null is absence. */
function checked(value: unknown): Options {
	if (
		(value as { kind?: unknown } | null)?.kind !== undefined &&
		(value as { kind: unknown }).kind !== KIND.kind
	) {
		throw badRequest("decoded object cannot be converted to DeleteOptions");
	}
	try {
		return decodeValue(DeleteOptions, value).value as Options;
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
		throw badRequest(`DeleteOptions in version "v1" cannot be handled as a DeleteOptions: ${error.message}`);
	}
}
