/** PATCH: JSON, merge and strategic merge patches of an object, or of what a subresource shows of it. */
import {
	applyJsonPatch,
	applyMergePatch,
	applyStrategicPatch,
	type Draft,
	type FieldError,
	invalid,
	invalidValue,
	type KubeObject,
	StatusError,
	unsupportedMediaType,
} from "@berth/api";
import { apply } from "./apply.ts";
import { decodeParsed, mediaTypeOf, type ParsedBody, parseJsonBody } from "./body.ts";
import { nameOf, type RegistryContext, type Scope } from "./context.ts";
import { editObject } from "./edit.ts";
import { fieldManagerOf, ownersAfterUpdate } from "./field-owners.ts";
import type { Answer, Body } from "./request.ts";
import type { Target } from "./target.ts";
import { answerEdit, checkName } from "./update.ts";
import { type WriteOptions, writeOptions } from "./write-options.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_PATCH = "application/strategic-merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";
const ACCEPTED = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];

/** Writes tried when others change the object at the same time. */
const TRIES = 5;
/** Where a strict decoding error of the result is reported. */
const PATCH_FIELD = "patch";

export async function patch(context: RegistryContext, scope: Scope, target: Target): Promise<Answer> {
	const body = scope.request.body ?? { raw: new Uint8Array(), contentType: "" };
	const type = mediaTypeOf(body);
	// What is described by its users says nothing of how to merge its lists.
	const accepted = target.kind.schema.foreign
		? ACCEPTED.filter((each) => each !== STRATEGIC_PATCH)
		: ACCEPTED;
	if (!accepted.includes(type)) throw unsupportedMediaType(accepted, type);
	if (type === APPLY_PATCH) return apply(context, scope, target, body);
	const name = nameOf(scope);
	const options = writeOptions(scope.request.query, "PatchOptions");
	const parsed = "value" in body ? { value: body.value, duplicates: [] } : parsePatch(body.raw);
	const change = (view: KubeObject): Draft<KubeObject> => {
		const value = patched(type, target, view, parsed.value);
		const decoded = decodePatched(target, { value, duplicates: parsed.duplicates }, options, context, body);
		for (const text of decoded.warnings) scope.request.warn?.(text);
		checkName(scope, name, decoded.object);
		return decoded.object;
	};
	const { dryRun } = options;
	const owners = ownersAfterUpdate(context, scope, fieldManagerOf(scope, options.fieldManager, "Update"));
	const written = await editObject(context, scope, { target, name, change, owners, dryRun, tries: TRIES });
	return answerEdit(scope, target, written, scope.kind.warnings?.(written.object));
}

function parsePatch(raw: Uint8Array): ParsedBody {
	return parseJsonBody({ kind: "Patch" }, raw);
}

function patched(type: string, target: Target, view: KubeObject, patch: unknown): unknown {
	if (type === JSON_PATCH) return applyJsonPatch(view, patch);
	if (type === MERGE_PATCH) return applyMergePatch(view, patch);
	return applyStrategicPatch(target.kind.schema, view, patch);
}

/** A result that strict validation refuses is the patch's fault, not that of a body. */
function decodePatched(
	target: Target,
	parsed: ParsedBody,
	{ fieldValidation }: WriteOptions,
	context: RegistryContext,
	body: Body,
) {
	try {
		return decodeParsed(target.kind, parsed, fieldValidation, context.kinds);
	} catch (error) {
		if (fieldValidation !== "Strict" || !(error instanceof StatusError)) throw error;
		if (!error.message.includes("strict decoding error")) throw error;
		throw invalid({ resource: "" }, "", [strictError(body, error)]);
	}
}

function strictError(body: Body, error: StatusError): FieldError {
	const text = "raw" in body ? new TextDecoder().decode(body.raw) : JSON.stringify(body.value);
	const detail = error.message.slice(error.message.indexOf("strict decoding error"));
	return invalidValue(PATCH_FIELD, text, detail);
}
